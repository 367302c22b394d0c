-- grantd in one sitting: run as the built-in admin, e.g.
--   psql -h 127.0.0.1 -p 8812 -U admin -d grantd -v ON_ERROR_STOP=1 -f examples/quickstart.sql
-- then, as one of the people made here, examples/quickstart-jane.sql.

-- 1. Tables. QuestDB's form and PostgreSQL's both work.
CREATE TABLE trades (
  ts TIMESTAMP,
  symbol SYMBOL,
  price DOUBLE,
  amount LONG
) TIMESTAMP(ts) PARTITION BY DAY;

CREATE TABLE customers (
  id integer PRIMARY KEY,
  name text NOT NULL,
  email text,
  balance numeric(12, 2) DEFAULT 0
);

INSERT INTO trades VALUES
  ('2024-01-01T09:00:00Z', 'BTC-USD', 42000.5, 2),
  ('2024-01-01T09:00:01Z', 'ETH-USD', 2250.25, 10),
  ('2024-01-01T09:00:02Z', 'BTC-USD', 42010.75, 1);
INSERT INTO customers (id, name, email, balance) VALUES
  (1, 'Ada', 'ada@example.com', 100.50),
  (2, 'Linus', 'linus@example.com', 7.25);

-- 2. People, teams, applications.
CREATE USER john WITH PASSWORD 'john-first-password';
CREATE USER jane WITH PASSWORD 'jane-first-password';
CREATE GROUP analysts;
CREATE SERVICE ACCOUNT ingest WITH PASSWORD 'ingest-first-password';
ADD USER john TO analysts;
ADD USER jane TO analysts;
SHOW USERS;
SHOW GROUPS jane;
SHOW SERVICE ACCOUNTS;
SHOW USER jane;

-- 3. Nobody gets in without the permission of the endpoint.
GRANT PGWIRE TO analysts;
GRANT PGWIRE TO ingest;

-- 4. Grants: a table, some columns, to a team and to an application.
GRANT SELECT ON trades TO analysts;
GRANT SELECT ON customers(id, name) TO analysts;
GRANT UPDATE ON customers(name) TO jane;
GRANT INSERT ON trades TO ingest;
GRANT SELECT ON trades(symbol) TO ingest;
SHOW PERMISSIONS analysts;
SHOW PERMISSIONS jane;

-- 5. The designated timestamp comes along with any other column (origin I).
SHOW PERMISSIONS ingest;

-- 6. Re-adjustment: taking one table or column out of a larger grant narrows the grant.
CREATE USER auditor WITH PASSWORD 'auditor-first-password';
GRANT SELECT ON ALL TABLES TO auditor;
REVOKE SELECT ON customers(email) FROM auditor;
SHOW PERMISSIONS auditor;
CREATE TABLE secrets (k text, v text);
-- auditor reads trades and three columns of customers; the new table is not covered any more.
SHOW PERMISSIONS auditor;

-- 7. Grants go by name: they may come before the table, and outlive it.
GRANT SELECT ON orders TO jane;
CREATE TABLE orders (id LONG, total DOUBLE);
DROP TABLE orders;
CREATE TABLE orders (id LONG, total DOUBLE, note STRING);
INSERT INTO orders VALUES (1, 9.99, 'first');
SHOW PERMISSIONS jane;

-- 8. A grant with a typing error in it can be made to fail: WITH VERIFICATION.
GRANT SELECT ON trades TO jane WITH GRANT OPTION WITH VERIFICATION;

-- 9. A service account's list can be put on for a while.
GRANT ASSUME SERVICE ACCOUNT ingest TO jane;
SHOW SERVICE ACCOUNTS jane;
ASSUME SERVICE ACCOUNT ingest;
SELECT current_user, session_user;
SHOW PERMISSIONS;
INSERT INTO trades VALUES ('2024-01-01T09:00:03Z', 'BTC-USD', 42020.0, 3);
EXIT SERVICE ACCOUNT ingest;
SELECT current_user, session_user;

-- 10. A migration either happened or did not.
BEGIN;
CREATE TABLE positions (symbol SYMBOL, quantity LONG);
INSERT INTO positions SELECT symbol, sum(amount)::bigint FROM trades GROUP BY symbol;
GRANT SELECT ON positions TO analysts;
COMMIT;
SELECT symbol, quantity FROM positions ORDER BY symbol;

-- 11. Rows for some eyes only: a view is granted, its table is not.
CREATE VIEW btc_trades AS (SELECT ts, price, amount FROM trades WHERE symbol = 'BTC-USD');
GRANT SELECT ON btc_trades TO john;
REVOKE SELECT ON trades FROM analysts;
SHOW PERMISSIONS john;
SHOW TABLES;
SHOW COLUMNS FROM customers;
