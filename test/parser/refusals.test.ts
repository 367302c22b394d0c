import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { sqlErrorOf } from './sql-error-of.ts'

beforeAll(async () => loadParser())

describe('errors are those of PostgreSQL, at their place', () => {
  test.each([
    ['SELEC 1', 'syntax error at or near "SELEC"', 0],
    ['SELECT 1 +', 'syntax error at end of input', 10],
    ['SELECT 1 + ; SELECT 2', 'syntax error at or near ";"', 11],
    ['SELECT (1; SELECT 2)', 'syntax error at or near ";"', 9],
    ['SELECT 1; SELECT é FROM t WHERE = 2', 'syntax error at or near "="', 32],
    ["SELECT 😀, 'é' FRM t", 'syntax error at or near "t"', 19],
    ['SELECT 12abc', 'trailing junk after numeric literal at or near "12abc"', 7],
    ['SELECT "" FROM t', 'zero-length delimited identifier at or near """"', 7],
    ['SELECT a \\ b', 'syntax error at or near "\\"', 9],
    [')', 'syntax error at or near ")"', 0],
    ['CREATE USER', 'syntax error at end of input', 11],
    ['CREATE USER;', 'syntax error at or near ";"', 11],
    ['CREATE USER a b', 'syntax error at or near "b"', 14],
    ['SHOW PERMISSIONS john.doe', 'syntax error at or near "."', 21],
    ['SHOW USERS bob', 'syntax error at or near "bob"', 11],
    ['GRANT TO u', 'syntax error at or near "TO"', 6],
    ['GRANT SELECT, TO u', 'syntax error at or near "TO"', 14],
    ['GRANT SELECT ON t', 'syntax error at end of input', 17],
    ['GRANT SELECT ON t() TO u', 'syntax error at or near ")"', 18],
    ['GRANT SELECT ON t(a,) TO u', 'syntax error at or near ")"', 20],
    ['GRANT SELECT ON t(* EXCLUDE ()) TO u', 'syntax error at or near ")"', 29],
    ['GRANT SELECT ON t(a EXCLUDE (b)) TO u', 'syntax error at or near "EXCLUDE"', 20],
    ['GRANT SELECT ON ALL TO u', 'syntax error at or near "TO"', 20],
    [
      'GRANT SELECT ON t TO u WITH GRANT OPTION WITH GRANT OPTION',
      'syntax error at or near "GRANT"',
      46,
    ],
    ['GRANT SELECT ON order TO u', 'syntax error at or near "order"', 16],
    ['GRANT SELECT ON "" TO u', 'zero-length delimited identifier at or near """"', 16],
    ['GRANT SELECT ON a.b.c TO u', 'improper qualified name (too many dotted names)', 16],
    ['ALTER USER u', 'syntax error at end of input', 12],
    ['ALTER USER u CREATE TOKEN TYPE REST', 'syntax error at end of input', 35],
    [
      "ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d' TRANSIENT",
      'syntax error at or near "***"',
      50,
    ],
    ['ADD USER u', 'syntax error at end of input', 10],
    ['DROP USER a, b', 'syntax error at or near ","', 11],
    ['BEGIN READ', 'syntax error at end of input', 10],
    ['SAVEPOINT', 'syntax error at end of input', 9],
    ["SAVEPOINT 'a'", `syntax error at or near "'a'"`, 10],
    ['SAVEPOINT a b', 'syntax error at or near "b"', 12],
    ['ABORT TO a', 'syntax error at or near "TO"', 6],
    ['ROLLBACK TO', 'syntax error at end of input', 11],
    ['SET x', 'syntax error at end of input', 5],
    ['CREATE TABLE t', 'syntax error at end of input', 14],
    ['CREATE TABLE user (a INT)', 'syntax error at or near "user"', 13],
    ['CREATE TABLE t (a)', 'syntax error at end of input', 18],
    ['CREATE TABLE t (a INT, b)', 'syntax error at or near ")"', 24],
    ['CREATE TABLE t (a INT,)', 'syntax error at or near ")"', 22],
    ['CREATE TABLE t (a INT DEFAULT , b INT)', 'syntax error at or near ","', 30],
    ['CREATE TABLE t (a INT DEFAULT 1 AS x)', 'syntax error at or near "AS"', 32],
    ['CREATE TABLE t (a INT CHECK (a >))', 'syntax error at or near ")"', 32],
    ['CREATE TABLE t (a INT CHECK (a, b))', 'syntax error at or near ","', 30],
    ['CREATE TABLE t (a INT NOT NULL NULL)', 'conflicting NULL/NOT NULL declarations', 31],
    ['CREATE TABLE t AS (SELECT a FROM) OWNED BY x', 'syntax error at or near ")"', 32],
    ['CREATE TABLE t AS OWNED BY x', 'syntax error at or near "OWNED"', 18],
    ['CREATE TABLE t (a INT) WAL WAL', 'WAL is given twice', 27],
    ['CREATE VIEW v AS INSERT INTO t VALUES (1)', 'syntax error at or near "INSERT"', 17],
    ['ALTER VIEW v AS SELECT 1 OWNED BY x', 'syntax error at or near "OWNED"', 25],
    ['DROP TABLE', 'syntax error at end of input', 10],
    ['ALTER TABLE t', 'syntax error at end of input', 13],
    ['RENAME TABLE a b', 'syntax error at or near "b"', 15],
  ])('%s', (sql, message, offset) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({
      sqlState: '42601',
      message,
      offset,
    })
  })
})

describe('forms of other dialects are refused, and the hint shows ours (Y1)', () => {
  test.each([
    ['GRANT SELECT (a) ON t TO u', 13, 'Use SELECT ON table(column, ...).'],
    [
      'GRANT SELECT ON TABLE t TO u',
      16,
      'Use ON and the name of the table: GRANT SELECT ON t TO u.',
    ],
    ['GRANT SELECT ON ALL TABLES IN SCHEMA s TO u', 27, 'Use ON ALL TABLES.'],
    [
      'GRANT USAGE ON SCHEMA s TO u',
      15,
      'Use no ON for the database, ON ALL TABLES, ON table or ON table(column, ...).',
    ],
    ['GRANT SELECT ON t TO u, w', 22, 'Use one statement for each grantee: ... TO a; ... TO b.'],
    ['REVOKE SELECT ON t FROM u, w', 25, 'Use one statement for each grantee: ... TO a; ... TO b.'],
    ['GRANT ALL PRIVILEGES ON t TO u', 10, 'Use ALL.'],
    [
      'REVOKE GRANT OPTION FOR SELECT ON t FROM u',
      7,
      'To take the grant option away, GRANT again without WITH GRANT OPTION.',
    ],
    ['REVOKE SELECT ON t FROM u CASCADE', 26, 'Use REVOKE ... FROM u; what was passed on stays.'],
    ['GRANT SELECT ON t TO u WITH ADMIN OPTION', 28, 'Use WITH GRANT OPTION.'],
    ['CREATE ROLE r', 7, 'Use CREATE USER, CREATE GROUP or CREATE SERVICE ACCOUNT.'],
    ['ALTER ROLE r LOGIN', 6, 'Use ALTER USER, ALTER GROUP or ALTER SERVICE ACCOUNT.'],
    ['DROP ROLE r', 5, 'Use DROP USER, DROP GROUP or DROP SERVICE ACCOUNT.'],
    ['SET ROLE r', 4, 'Use ASSUME SERVICE ACCOUNT and EXIT SERVICE ACCOUNT.'],
    ['SET LOCAL ROLE r', 10, 'Use ASSUME SERVICE ACCOUNT and EXIT SERVICE ACCOUNT.'],
    ['RESET ROLE', 6, 'Use EXIT SERVICE ACCOUNT.'],
    ["CREATE USER u PASSWORD 'x'", 14, `Use u WITH PASSWORD '...'.`],
    ["ALTER USER u PASSWORD 'x'", 13, `Use u WITH PASSWORD '...'.`],
    ["CREATE USER u WITH ENCRYPTED PASSWORD 'x'", 19, `Use WITH PASSWORD '...'.`],
    ['ALTER GROUP g ADD USER u', 14, 'Use ADD USER ... TO g.'],
    ['ALTER GROUP g DROP USER u', 14, 'Use REMOVE USER ... FROM g.'],
  ])('%s', (sql, offset, hint) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({
      sqlState: '42601',
      offset,
      hint,
    })
  })
})

describe('what is known and not here is refused by name (R3)', () => {
  test.each([
    ['COPY t FROM STDIN', 'COPY FROM STDIN', 12],
    ["PREPARE TRANSACTION 'x'", 'PREPARE TRANSACTION', 0],
    ['COMMIT AND CHAIN', 'COMMIT AND CHAIN', 0],
    ['CREATE UNIQUE INDEX i ON t (a)', 'CREATE INDEX', 0],
    ['CREATE TEMP TABLE t (a INT)', 'CREATE TEMPORARY TABLE', 0],
    ['CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql', 'CREATE FUNCTION', 0],
    ['DROP INDEX i', 'DROP INDEX', 0],
    ['DROP SCHEMA s', 'DROP SCHEMA', 0],
    ['ANALYZE t', 'ANALYZE', 0],
    ['LISTEN x', 'LISTEN', 0],
    ['PREPARE p AS SELECT 1', 'PREPARE', 0],
    ['DECLARE c CURSOR FOR SELECT 1', 'DECLARE CURSOR', 0],
    ['FETCH 1 FROM c', 'FETCH', 0],
    ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', 'MERGE', 0],
    ['SELECT a INTO x FROM t', 'SELECT INTO', 0],
    ['SELECT * FROM (SELECT 1 FOR SHARE) x', 'SELECT ... FOR UPDATE', 0],
    ['EXPLAIN ANALYZE SELECT 1', 'EXPLAIN ANALYZE', 8],
    ['EXPLAIN (COSTS off) SELECT 1', 'EXPLAIN (COSTS)', 9],
    ['COPY PERMISSIONS FROM x TO y', 'COPY PERMISSIONS', 0],
    ['REINDEX INDEX i', 'REINDEX', 0],
    ['VACUUM', 'VACUUM', 0],
    ['VACUUM FULL t', 'VACUUM', 0],
    ['BACKUP ABORT', 'BACKUP ABORT', 0],
    ['CHECKPOINT', 'CHECKPOINT without CREATE or RELEASE', 0],
    ['SHOW CREATE MATERIALIZED VIEW v', 'SHOW CREATE MATERIALIZED VIEW', 0],
    ['ALTER TABLE t ALTER a SET DEFAULT 1', 'ALTER TABLE ... ALTER COLUMN ... SET DEFAULT', 20],
    ['ALTER TABLE t ALTER a DROP NOT NULL', 'ALTER TABLE ... ALTER COLUMN ... DROP NOT NULL', 20],
    [
      'ALTER TABLE t ALTER a TYPE INT, ALTER b TYPE INT',
      'ALTER TABLE ... with several actions',
      30,
    ],
    ['ALTER TABLE t ALTER a TYPE TEXT COLLATE "C"', 'ALTER TABLE ... ALTER COLUMN ... COLLATE', 32],
    ['ALTER TABLE t SET PARAM fillfactor = 10', 'storage parameter "fillfactor"', 24],
    ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)', 'ALTER TABLE ... ADD CONSTRAINT', 14],
    ['ALTER TABLE t ADD a INT UNIQUE', 'ALTER TABLE ... ADD COLUMN with a constraint', 18],
    ['ALTER TABLE t ADD a INT, DROP COLUMN b', 'ALTER TABLE ... with several actions', 25],
    ['CREATE TABLE t (a INT REFERENCES u)', 'FOREIGN KEY', 22],
    ['CREATE TABLE t (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b))', 'FOREIGN KEY', 36],
    ['CREATE TABLE t (a INT GENERATED ALWAYS AS IDENTITY)', 'GENERATED', 22],
    ['CREATE TABLE t (a INT) PARTITION BY RANGE (a)', 'PARTITION BY RANGE', 36],
    ['CREATE TABLE t (a INT) INHERITS (u)', 'CREATE TABLE ... INHERITS', 23],
    [
      'CREATE TABLE t (a INT) WITH (user_catalog_table = true)',
      'storage parameter "user_catalog_table"',
      29,
    ],
    ['CREATE TABLE t (a GEOHASH(8c))', 'GEOHASH', 18],
    ['CREATE VIEW v AS SELECT 1 WITH CHECK OPTION', 'WITH CHECK OPTION', 31],
    ['SELECT a FROM t SPLICE JOIN u', 'SPLICE JOIN', 16],
    ['SELECT a FROM (SELECT b FROM t WINDOW JOIN u) x', 'WINDOW JOIN', 31],
    ['SELECT a FROM t HORIZON JOIN u', 'HORIZON JOIN', 16],
    ['SELECT a FROM t SAMPLE BY 10n', 'a period in nanoseconds', 26],
    ['SELECT a FROM t ASOF JOIN u TOLERANCE 1M', 'TOLERANCE in months', 38],
    ['SELECT a FROM t LT JOIN u TOLERANCE y', 'TOLERANCE in years', 36],
    ["SELECT * FROM (DECLARE @x := 'a' SELECT @x)", 'DECLARE inside a statement', 15],
    ['INSERT INTO t DECLARE @x := 1 SELECT @x', 'DECLARE inside a statement', 14],
    ['DECLARE @x := (DECLARE @y := 1 SELECT @y) SELECT @x', 'DECLARE inside a statement', 15],
  ])('%s', (sql, what, offset) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({
      sqlState: '0A000',
      message: `${what} is not supported`,
      offset,
    })
  })
})

describe('a secret is not repeated by an error (S16)', () => {
  test.each([
    "ALTER USER u WITH PASSWORD 'se' cret",
    'ALTER USER u WITH PASSWORD "cret"',
    'ALTER USER u WITH PASSWORD 12cret',
    "ALTER USER u WITH PASSWORD 'cret",
    "CREATE USER u WITH PASSWORD 'a' cret",
    "CREATE SERVICE ACCOUNT u WITH PASSWORD 'a'.cret",
    "ALTER USER u DROP TOKEN TYPE REST 'a' 'cret'",
    'ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x cret',
  ])('%s', (sql) => {
    const { message, hint, detail } = sqlErrorOf(() => parseStatements(sql))
    expect([message, hint, detail].join(' ')).not.toContain('cret')
  })
})
