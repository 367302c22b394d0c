-- As jane, after examples/quickstart.sql: what she may do works. What she may not is refused with 42501.
--   PGPASSWORD=jane-first-password psql -h 127.0.0.1 -p 8812 -U jane -d grantd -v ON_ERROR_STOP=1 -f examples/quickstart-jane.sql
SELECT symbol, price FROM trades ORDER BY ts;
SELECT id, name FROM customers ORDER BY id;
UPDATE customers SET name = 'Ada L.' WHERE id = 1;
SELECT quantity FROM positions WHERE symbol = 'ETH-USD';
SELECT total FROM orders;
SHOW PERMISSIONS;
SHOW GROUPS jane;
-- Her own password is hers to change.
ALTER USER jane WITH PASSWORD 'jane-second-password';
-- Jane may put on the application's list; then she is the application, no more and no less.
ASSUME SERVICE ACCOUNT ingest;
INSERT INTO trades VALUES ('2024-01-01T09:00:04Z', 'ETH-USD', 2251, 4);
SELECT symbol FROM trades WHERE ts > '2024-01-01T09:00:03Z';
EXIT SERVICE ACCOUNT;
