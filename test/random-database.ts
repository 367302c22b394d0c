/**
 * Statements of the admin that make a random database: principals, memberships, links, entries of all
 * levels, dormant and waiting ones, tables and views, and what happens to them. Some are refused where
 * what they name is not there (yet); the rest has happened.
 */
import * as fc from 'fast-check'

const pick = <Item>(...items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items)

const user = pick('bob', '"Ann O\'Hara"', '"a b"')
const group = pick('desk', '"O""ps"')
const account = pick('app', '"my-app"')
const grantee = fc.oneof(user, group, account, pick('later', '"Läter"'))
const table = pick('t', 'u', '"T \'x\'"', 'later_t', 'v', 'w')
const column = pick('a', 'b', '"C ""d"""', 'ts', 'later_c')
const option = pick('', ' WITH GRANT OPTION')
const wide = pick('SELECT', 'INSERT', 'UPDATE', 'DROP TABLE', 'ALL')
const ofColumns = pick('SELECT', 'UPDATE', 'RENAME COLUMN', 'SELECT, UPDATE')

const principalStatement = fc.oneof(
  user.map((name) => `CREATE USER ${name}`),
  fc
    .tuple(group, pick('', " WITH EXTERNAL ALIAS 'x'", " WITH EXTERNAL ALIAS 'it''s'"))
    .map(([name, alias]) => `CREATE GROUP ${name}${alias}`),
  account.map((name) => `CREATE SERVICE ACCOUNT ${name}`),
  fc
    .tuple(group, pick('x', 'y', 'z'))
    .map(([name, alias]) => `ALTER GROUP ${name} WITH EXTERNAL ALIAS '${alias}'`),
  user.map((name) => `ALTER USER ${name} DISABLE`),
  account.map((name) => `ALTER SERVICE ACCOUNT ${name} DISABLE`),
  fc.tuple(user, group).map(([name, to]) => `ADD USER ${name} TO ${to}`),
  user.map((name) => `DROP USER ${name}`),
)

const accessListStatement = fc.oneof(
  fc
    .tuple(account, grantee, option)
    .map(([name, to, opt]) => `GRANT ASSUME SERVICE ACCOUNT ${name} TO ${to}${opt}`),
  fc
    .tuple(pick('HTTP', 'PGWIRE, ILP', 'DATABASE ADMIN', 'ALL'), grantee, option)
    .map(([what, to, opt]) => `GRANT ${what} TO ${to}${opt}`),
  fc
    .tuple(wide, grantee, option)
    .map(([what, to, opt]) => `GRANT ${what} ON ALL TABLES TO ${to}${opt}`),
  fc
    .tuple(wide, table, grantee, option)
    .map(([what, on, to, opt]) => `GRANT ${what} ON ${on} TO ${to}${opt}`),
  fc
    .tuple(ofColumns, table, column, grantee, option)
    .map(([what, on, of, to, opt]) => `GRANT ${what} ON ${on}(${of}) TO ${to}${opt}`),
  fc.tuple(wide, table, grantee).map(([what, on, to]) => `REVOKE ${what} ON ${on} FROM ${to}`),
  fc
    .tuple(ofColumns, table, column, grantee)
    .map(([what, on, of, to]) => `REVOKE ${what} ON ${on}(${of}) FROM ${to}`),
)

const columns = pick(
  'a INT, b TEXT, ts TIMESTAMP',
  'a INT CHECK (a > 0), "C ""d""" numeric(10,2) DEFAULT 1.5 NOT NULL, ts timestamptz',
  "b VARCHAR(3) DEFAULT 'it''s' UNIQUE, a SYMBOL, ts TIMESTAMP, CHECK (b <> 'a' AND a <> '')",
  'a BIGINT PRIMARY KEY, b DOUBLE PRECISION[], ts TIMESTAMP NOT NULL',
  'a SYMBOL CAPACITY 512 NOCACHE INDEX CAPACITY 64, b SYMBOL CACHE, ts TIMESTAMP',
  'a SYMBOL INDEX, b SYMBOL, ts TIMESTAMP, later_c SYMBOL CAPACITY 64',
)
const storage = pick(
  '',
  ' TIMESTAMP(ts)',
  ' TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts, a)',
  ' TIMESTAMP(ts) PARTITION BY MONTH BYPASS WAL',
  ' TIMESTAMP(ts) PARTITION BY WEEK WITH maxUncommittedRows=250, o3MaxLag=50s',
  ' TIMESTAMP(ts) PARTITION BY HOUR TTL 3 DAYS',
  ' WAL',
)
const viewQuery = fc.oneof(
  table.map((from) => `SELECT * FROM ${from}`),
  table.map((from) => `SELECT x.*, 1 AS one FROM ${from} x`),
  fc
    .tuple(table, table)
    .map(([from, to]) => `SELECT x.a, y.ts FROM ${from} x, (SELECT * FROM ${to}) y`),
  fc.tuple(table, table).map(([from, to]) => `SELECT a FROM ${from} UNION ALL SELECT a FROM ${to}`),
  fc.constant('SELECT 1 AS a, 2 AS b'),
)

const relationStatement = fc.oneof(
  fc
    .tuple(table, columns, storage)
    .map(([name, of, rest]) => `CREATE TABLE ${name} (${of})${rest}`),
  fc.tuple(table, table).map(([name, like]) => `CREATE TABLE ${name} (LIKE ${like})`),
  fc.tuple(table, viewQuery).map(([name, query]) => `CREATE TABLE ${name} AS (${query})`),
  fc.tuple(pick('v', 'w'), viewQuery).map(([name, query]) => `CREATE VIEW ${name} AS ${query}`),
  fc
    .tuple(pick('v', 'w'), table)
    .map(([name, of]) => `CREATE OR REPLACE VIEW ${name} (a, "T s") AS SELECT a, ts FROM ${of}`),
  table.map((name) => `DROP TABLE ${name}`),
  pick('DROP VIEW v', 'DROP VIEW w'),
  fc.tuple(table, table).map(([name, to]) => `RENAME TABLE ${name} TO ${to}`),
  table.map((name) => `ALTER TABLE ${name} ADD COLUMN later_c INT DEFAULT 7`),
  fc.tuple(table, column).map(([name, of]) => `ALTER TABLE ${name} DROP COLUMN ${of}`),
  fc
    .tuple(table, column, column)
    .map(([name, of, to]) => `ALTER TABLE ${name} RENAME COLUMN ${of} TO ${to}`),
  fc
    .tuple(
      table,
      column,
      pick(
        'TYPE BIGINT',
        'TYPE SYMBOL',
        'TYPE TEXT',
        'ADD INDEX',
        'DROP INDEX',
        'CACHE',
        'NOCACHE',
        'SYMBOL CAPACITY 1024',
      ),
    )
    .map(([name, of, action]) => `ALTER TABLE ${name} ALTER COLUMN ${of} ${action}`),
  fc
    .tuple(
      table,
      pick(
        'SET PARAM maxUncommittedRows = 7',
        'SET PARAM o3MaxLag = 3h',
        'SET TYPE WAL',
        'SET TYPE BYPASS WAL',
      ),
    )
    .map(([name, action]) => `ALTER TABLE ${name} ${action}`),
)

/** What only a running server can do: it looks at the rows that are there. */
export const rowwiseStatement = fc
  .tuple(
    table,
    pick(
      'DEDUP ENABLE UPSERT KEYS(ts)',
      'DEDUP ENABLE UPSERT KEYS(ts, a)',
      'DEDUP DISABLE',
      'SET TTL 2 YEARS',
      'SET TTL 0h',
    ),
  )
  .map(([name, action]) => `ALTER TABLE ${name} ${action}`)

/** Statements to run one after the other, some of `more` among them. */
export function databaseStatements(
  length: { readonly minLength: number; readonly maxLength: number },
  ...more: readonly fc.Arbitrary<string>[]
): fc.Arbitrary<readonly string[]> {
  const statement = fc.oneof(
    ...[principalStatement, accessListStatement, relationStatement].map((arbitrary) => ({
      arbitrary,
      weight: 6,
    })),
    ...more.map((arbitrary) => ({ arbitrary, weight: 1 })),
  )
  return fc.array(statement, { ...length, size: 'max' })
}
