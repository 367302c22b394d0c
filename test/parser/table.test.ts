import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseExpression, parseStatements } from '../../parser/parse.ts'
import type { Statement } from '../../parser/statement.ts'
import { withoutPlaces } from './without-places.ts'

beforeAll(async () => loadParser())

function parseOne(sql: string): Statement {
  const [parsed, ...others] = parseStatements(sql)
  if (parsed === undefined || others.length > 0) throw new Error('not one statement')
  return parsed.statement
}

const t = { name: { text: 't' } }

describe('types of columns', () => {
  test.each<readonly [string, string, readonly number[], number, string]>([
    ['INT', 'int4', [], 0, 'INT'],
    ['symbol', 'symbol', [], 0, 'SYMBOL'],
    ['SYMBOL CAPACITY 128 NOCACHE INDEX CAPACITY 256', 'symbol', [], 0, 'SYMBOL'],
    ['double', 'double', [], 0, 'DOUBLE'],
    ['double precision', 'float8', [], 0, 'DOUBLE PRECISION'],
    ['double[][]', 'double', [], 2, 'DOUBLE[][]'],
    ['int[3]', 'int4', [], 1, 'INT[]'],
    ['text ARRAY', 'text', [], 1, 'TEXT[]'],
    ['numeric(10, 2)', 'numeric', [10, 2], 0, 'NUMERIC(10,2)'],
    ['numeric(5,-2)', 'numeric', [5, -2], 0, 'NUMERIC(5,-2)'],
    ['varchar(20)', 'varchar', [20], 0, 'VARCHAR(20)'],
    ['character varying', 'varchar', [], 0, 'CHARACTER VARYING'],
    ['national character varying (5)', 'varchar', [5], 0, 'CHARACTER VARYING(5)'],
    ['char', 'bpchar', [1], 0, 'CHAR'],
    ['char(5)', 'bpchar', [5], 0, 'CHAR(5)'],
    ['bit varying(3)', 'varbit', [3], 0, 'BIT VARYING(3)'],
    ['float(24)', 'float4', [], 0, 'FLOAT(24)'],
    ['float', 'float8', [], 0, 'FLOAT'],
    ['timestamp', 'timestamp', [], 0, 'TIMESTAMP'],
    ['timestamp(3) with time zone', 'timestamptz', [3], 0, 'TIMESTAMP(3) WITH TIME ZONE'],
    ['time without time zone', 'time', [], 0, 'TIME WITHOUT TIME ZONE'],
    ['timestamptz', 'timestamptz', [], 0, 'TIMESTAMPTZ'],
    ['pg_catalog.int4', 'int4', [], 0, 'INT4'],
    ['"Mood"', 'Mood', [], 0, '"Mood"'],
  ])('%s', (sql, name, modifiers, arrayDimensions, declared) => {
    expect(parseOne(`CREATE TABLE t (a ${sql})`)).toMatchObject({
      columns: [{ type: { name, modifiers, arrayDimensions, declared } }],
    })
    // What SHOW COLUMNS gives back means the same.
    expect(parseOne(`CREATE TABLE t (a ${declared})`)).toMatchObject({
      columns: [{ type: { name, modifiers, arrayDimensions, declared } }],
    })
  })

  test('FLOAT(24) and FLOAT(25) are two types', () => {
    expect(parseOne('CREATE TABLE t (a float(25))')).toMatchObject({
      columns: [{ type: { name: 'float8' } }],
    })
  })
})

describe('constraints', () => {
  test('of columns and of the table come together', () => {
    const statement = parseOne(`CREATE TABLE IF NOT EXISTS s.t (
      id INT NOT NULL DEFAULT 5 PRIMARY KEY,
      n NUMERIC DEFAULT (1 + 2)::numeric NOT NULL CONSTRAINT u UNIQUE,
      x TEXT COLLATE "C" DEFAULT CASE WHEN 1 IS NOT NULL THEN 'a' END NULL,
      y TEXT DEFAULT NULL CHECK (y <> 'a' AND y IS NOT NULL),
      CONSTRAINT two UNIQUE (n, x))`)
    expect(withoutPlaces(statement)).toMatchObject({
      kind: 'CreateTable',
      table: { schema: { text: 's' }, name: { text: 't' } },
      ifNotExists: true,
      columns: [
        { name: { text: 'id' }, notNull: true, default: { text: '5' } },
        { name: { text: 'n' }, notNull: true, default: { text: '(1 + 2)::numeric' } },
        {
          name: { text: 'x' },
          notNull: false,
          collation: { text: 'C' },
          default: { text: "CASE WHEN 1 IS NOT NULL THEN 'a' END" },
        },
        { name: { text: 'y' }, notNull: false, default: { text: 'NULL' } },
      ],
      constraints: [
        { kind: 'PrimaryKey', columns: [{ text: 'id' }] },
        { kind: 'Unique', name: { text: 'u' }, columns: [{ text: 'n' }] },
        { kind: 'Check', expression: { text: "y <> 'a' AND y IS NOT NULL" } },
        { kind: 'Unique', name: { text: 'two' }, columns: [{ text: 'n' }, { text: 'x' }] },
      ],
    })
  })
})

describe("QuestDB's clauses of storage", () => {
  test.each<readonly [string, object]>([
    ['', {}],
    ['TIMESTAMP(ts)', { timestamp: { text: 'ts' } }],
    [
      'timestamp (ts) partition by day wal',
      { timestamp: { text: 'ts' }, partitionBy: 'DAY', wal: true },
    ],
    ['PARTITION BY NONE BYPASS WAL', { partitionBy: 'NONE', wal: false }],
    ['TTL 3 WEEKS', { ttl: { amount: 3, unit: 'WEEK' } }],
    ['TTL 12h', { ttl: { amount: 12, unit: 'HOUR' } }],
    [
      'WAL DEDUP UPSERT KEYS(ts, "s y")',
      { wal: true, dedupKeys: [{ text: 'ts' }, { text: 's y' }] },
    ],
    [', INDEX(s CAPACITY 10) TIMESTAMP(ts)', { timestamp: { text: 'ts' } }],
    ['WAL WITH maxUncommittedRows=100, o3MaxLag=600s', { wal: true }],
    ['WITH (fillfactor = 70)', {}],
    ['WITH (OIDS=FALSE)', {}],
  ])('%s', (clauses, storage) => {
    const statement = parseOne(`CREATE TABLE t (ts TIMESTAMP, s SYMBOL) ${clauses} OWNED BY g`)
    expect(withoutPlaces(statement)).toMatchObject({ storage, ownedBy: { text: 'g' } })
  })
})

describe('tables from queries', () => {
  const as = { kind: 'CreateTableAs', table: t, ifNotExists: false }
  test.each<readonly [string, object]>([
    [
      'AS (SELECT a FROM u) TIMESTAMP(ts) OWNED BY g',
      {
        query: { text: 'SELECT a FROM u' },
        withData: true,
        storage: { timestamp: { text: 'ts' } },
        ownedBy: { text: 'g' },
      },
    ],
    [
      '(SELECT a FROM u) PARTITION BY DAY',
      { query: { text: 'SELECT a FROM u' }, withData: true, storage: { partitionBy: 'DAY' } },
    ],
    ['AS SELECT a FROM u', { query: { text: 'SELECT a FROM u' }, withData: true, storage: {} }],
    [
      'AS SELECT a FROM u WITH NO DATA',
      { query: { text: 'SELECT a FROM u' }, withData: false, storage: {} },
    ],
    [
      'AS (SELECT 1) UNION (SELECT 2) WITH DATA OWNED BY g',
      {
        query: { text: '(SELECT 1) UNION (SELECT 2)' },
        withData: true,
        storage: {},
        ownedBy: { text: 'g' },
      },
    ],
    ['AS ((SELECT 1))', { query: { text: '(SELECT 1)' }, withData: true, storage: {} }],
    [
      '(a, b) AS VALUES (1, 2)',
      {
        query: { text: 'VALUES (1, 2)' },
        columnNames: [{ text: 'a' }, { text: 'b' }],
        withData: true,
        storage: {},
      },
    ],
    ['AS TABLE u', { query: { text: 'TABLE u' }, withData: true, storage: {} }],
    [
      'AS WITH x AS (SELECT 1) TABLE x',
      { query: { text: 'WITH x AS (SELECT 1) TABLE x' }, withData: true, storage: {} },
    ],
  ])('CREATE TABLE t %s', (rest, expected) => {
    expect(withoutPlaces(parseOne(`CREATE TABLE t ${rest}`))).toEqual({ ...as, ...expected })
  })

  test('and from another table', () => {
    const statement = parseOne('CREATE TABLE IF NOT EXISTS t (LIKE s.u) OWNED BY g')
    expect(withoutPlaces(statement)).toEqual({
      kind: 'CreateTableLike',
      table: t,
      ifNotExists: true,
      source: { schema: { text: 's' }, name: { text: 'u' } },
      ownedBy: { text: 'g' },
    })
  })
})

describe('other statements about tables and views', () => {
  const column = {
    type: { name: 'int4', modifiers: [], arrayDimensions: 0, declared: 'INT' },
    notNull: false,
  }
  test.each<readonly [string, object]>([
    [
      'DROP TABLE IF EXISTS t, t CASCADE PERMISSIONS',
      { kind: 'DropTable', tables: [t, t], ifExists: true, cascadePermissions: true },
    ],
    [
      'DROP TABLE t CASCADE',
      { kind: 'DropTable', tables: [t], ifExists: false, cascadePermissions: false },
    ],
    [
      'DROP VIEW t RESTRICT',
      { kind: 'DropView', views: [t], ifExists: false, cascadePermissions: false },
    ],
    ["RENAME TABLE t TO 'a b'", { kind: 'RenameTable', table: t, to: { name: { text: 'a b' } } }],
    ['ALTER TABLE t RENAME TO t', { kind: 'RenameTable', table: t, to: t }],
    [
      'ALTER TABLE IF EXISTS ONLY t RENAME TO t',
      { kind: 'RenameTable', table: t, ifTableExists: true, to: t },
    ],
    ['TRUNCATE TABLE IF EXISTS t', { kind: 'Truncate', tables: [t], ifExists: true }],
    ['TRUNCATE t, t', { kind: 'Truncate', tables: [t, t] }],
    ['TRUNCATE TABLE t RESTART IDENTITY CASCADE', { kind: 'Truncate', tables: [t] }],
    [
      'ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT, b INT OWNED BY g',
      {
        kind: 'AddColumn',
        table: t,
        ifNotExists: true,
        columns: [
          { name: { text: 'a' }, ...column },
          { name: { text: 'b' }, ...column },
        ],
        ownedBy: { text: 'g' },
      },
    ],
    [
      'ALTER TABLE ONLY t ADD a INT, ADD COLUMN b INT DEFAULT 1',
      {
        kind: 'AddColumn',
        table: t,
        ifNotExists: false,
        columns: [
          { name: { text: 'a' }, ...column },
          { name: { text: 'b' }, ...column, default: { text: '1' } },
        ],
      },
    ],
    [
      'ALTER TABLE t DROP COLUMN a, b CASCADE PERMISSIONS',
      {
        kind: 'DropColumn',
        table: t,
        ifExists: false,
        columns: [{ text: 'a' }, { text: 'b' }],
        cascadePermissions: true,
      },
    ],
    [
      'ALTER TABLE IF EXISTS t DROP COLUMN IF EXISTS a, DROP COLUMN IF EXISTS b',
      {
        kind: 'DropColumn',
        table: t,
        ifTableExists: true,
        ifExists: true,
        columns: [{ text: 'a' }, { text: 'b' }],
        cascadePermissions: false,
      },
    ],
    [
      'ALTER TABLE t DROP IF EXISTS a, DROP COLUMN b',
      {
        kind: 'DropColumn',
        table: t,
        ifExists: true,
        columns: [{ text: 'a' }, { text: 'b' }],
        cascadePermissions: false,
      },
    ],
    [
      'ALTER TABLE t RENAME COLUMN a TO b',
      { kind: 'RenameColumn', table: t, renames: [{ column: { text: 'a' }, to: { text: 'b' } }] },
    ],
    [
      'ALTER TABLE t RENAME a TO b',
      { kind: 'RenameColumn', table: t, renames: [{ column: { text: 'a' }, to: { text: 'b' } }] },
    ],
    [
      'CREATE VIEW t AS (SELECT 1) OWNED BY g',
      {
        kind: 'CreateView',
        view: t,
        orReplace: false,
        ifNotExists: false,
        query: { text: 'SELECT 1' },
        ownedBy: { text: 'g' },
      },
    ],
    [
      'CREATE OR REPLACE VIEW IF NOT EXISTS t (a) AS SELECT 1 OWNED BY g',
      {
        kind: 'CreateView',
        view: t,
        orReplace: true,
        ifNotExists: true,
        columnNames: [{ text: 'a' }],
        query: { text: 'SELECT 1' },
        ownedBy: { text: 'g' },
      },
    ],
    [
      'ALTER VIEW t AS (SELECT 1) LIMIT 1',
      { kind: 'AlterView', view: t, query: { text: '(SELECT 1) LIMIT 1' } },
    ],
  ])('%s', (sql, expected) => {
    expect(withoutPlaces(parseOne(sql))).toEqual(expected)
  })
})

describe('trees say where they stand in the text of the client', () => {
  test('in a query behind another one', () => {
    const text = "SELECT 'é😀'; SELECT 'é', b FROM t"
    const statement = parseStatements(text)[1]?.statement
    if (statement?.kind !== 'Query') throw new Error('no query')
    const { tree, offsetOf } = statement.query
    const target = tree.targetList?.[1]
    const location = target !== undefined && 'ResTarget' in target ? target.ResTarget.location : -1
    expect(offsetOf(location)).toBe(text.indexOf('b FROM'))
    expect(offsetOf(undefined)).toBeUndefined()
    expect(offsetOf(-1)).toBeUndefined()
  })

  test('in the default of a column', () => {
    const text = 'CREATE TABLE "é" (a TEXT DEFAULT \'é\' || b)'
    const statement = parseOne(text)
    const expression = statement.kind === 'CreateTable' ? statement.columns[0]?.default : undefined
    const tree = expression?.tree
    const right = tree !== undefined && 'A_Expr' in tree ? tree.A_Expr.rexpr : undefined
    const location = right !== undefined && 'ColumnRef' in right ? right.ColumnRef.location : -1
    expect(expression?.offsetOf(location)).toBe(text.indexOf('b)'))
  })

  test('an expression alone', () => {
    expect(parseExpression(' 1 + 2 ')).toMatchObject({ text: '1 + 2', tree: { A_Expr: {} } })
  })
})

describe('statements of a text', () => {
  test('are cut at semicolons, and empty ones are left out', () => {
    const text = " ; SELECT ';' ; -- ;\n CREATE USER a;;"
    expect(parseStatements(text).map((parsed) => [parsed.text, parsed.span])).toEqual([
      ["SELECT ';'", { start: 3, end: 13 }],
      ['CREATE USER a', { start: 22, end: 35 }],
    ])
  })

  test.each(['', ';;', ' -- nothing', '/* ; */'])('%j has none', (text) => {
    expect(parseStatements(text)).toEqual([])
  })

  test.each([
    'SELECT 1',
    'VALUES (1)',
    'TABLE t',
    '(SELECT 1) UNION SELECT 2',
    'WITH a AS (SELECT 1) TABLE a',
  ])('%s is a query', (sql) => {
    expect(parseOne(sql)).toMatchObject({ kind: 'Query', query: { text: sql } })
  })

  test.each([
    ['INSERT INTO t VALUES (1)', 'Insert'],
    ['WITH a AS (SELECT 1) INSERT INTO t TABLE a', 'Insert'],
    ['UPDATE t SET a = 1', 'Update'],
    ['DELETE FROM t', 'Delete'],
    ['EXPLAIN (SELECT 1)', 'Explain'],
    ['EXPLAIN DELETE FROM t', 'Explain'],
  ])('%s is %s', (sql, kind) => {
    expect(parseOne(sql).kind).toBe(kind)
  })
})
