import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { DuckDBConnection } from '@duckdb/node-api'
import type {
  BoundExpression,
  BoundFromItem,
  BoundStatement,
  BoundTarget,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { printStatement } from '../../../store/print.ts'
import { database, rowsOf, run, selectOf, startEngine } from './engine.ts'
import {
  arrayOf,
  binary,
  bool,
  cast,
  column,
  constant,
  int,
  numeric,
  scalar,
  text,
  valuesOf,
} from './tree.ts'

let engine: DuckDBConnection
beforeEach(async () => {
  engine = await startEngine()
  await rowsOf(engine, created)
})
afterAll(() => engine.closeSync())

const plain = { with: [], recursive: false } as const

const created: BoundStatement = {
  kind: 'CreatePhysicalTable',
  oid: 7,
  columns: [
    { attnum: 1, type: scalar('int4'), notNull: true },
    { attnum: 3, type: scalar('varchar', { length: 3 }), notNull: false, default: text('d') },
    { attnum: 4, type: scalar('numeric', { precision: 6, scale: 2 }), notNull: false },
  ],
  constraints: [
    { kind: 'PrimaryKey', attnums: [1] },
    { kind: 'Unique', attnums: [3] },
    {
      kind: 'Check',
      expression: binary(binary(int(100), '/', column(0, 1, 'int4'), 'int4'), '>', int(0), 'bool'),
    },
  ],
}

const target: BoundTarget = {
  range: 1,
  oid: 7,
  name: { schema: 'public', name: 'trades' },
  columns: [
    { attnum: 1, name: 'a' },
    { attnum: 3, name: 'b' },
  ],
}

function relation(range: number, ...attnums: readonly number[]): BoundFromItem {
  const columns = attnums.map((attnum) => ({ attnum, name: 'x', type: scalar('int4') }))
  return { kind: 'Relation', range, oid: 7, name: { schema: 'public', name: 'trades' }, columns }
}

function insert(...rows: readonly (readonly BoundExpression[])[]): BoundStatement {
  return { kind: 'Insert', ...plain, target, columns: [1, 3], source: valuesOf(rows) }
}

/** A text on its way into a varchar(3). */
function assigned(value: string): BoundExpression {
  return { ...cast(text(value), scalar('varchar', { length: 3 })), assignment: true }
}

const count: BoundExpression = {
  kind: 'AggregateCall',
  function: 'count',
  arguments: [],
  star: true,
  distinct: false,
  orderBy: [],
  withinGroup: false,
  type: scalar('int8'),
}

describe('writes', () => {
  test('INSERT fills columns by number, with defaults and RETURNING', async () => {
    const statement: BoundStatement = {
      kind: 'Insert',
      ...plain,
      target,
      columns: [1, 3],
      source: valuesOf([
        [int(1), { kind: 'DefaultValue' }],
        [int(2), text('x')],
      ]),
      returning: {
        targets: [column(1, 3, 'varchar'), binary(column(1, 1, 'int4'), '+', int(1), 'int4')],
        columns: [{ name: 'b' }, { name: 'c' }],
      },
    }
    expect(await rowsOf(engine, statement)).toEqual([
      ['d', 2],
      ['x', 3],
    ])
    expect(printStatement(statement, { database })).toMatchObject({
      kind: 'Insert',
      target: { oid: 7, table: 'trades', schema: 'public' },
      columns: [{}, {}],
    })
  })

  test('ON CONFLICT sees the row that was there and the one that was to come', async () => {
    await rowsOf(engine, insert([int(1), text('old')]))
    const joined = binary(column(9, 3, 'varchar'), '||', column(1, 3, 'varchar'), 'text')
    const statement: BoundStatement = {
      kind: 'Insert',
      ...plain,
      target,
      columns: [1, 3],
      source: valuesOf([[int(1), text('n')]]),
      onConflict: {
        target: [1],
        excluded: 9,
        action: {
          kind: 'Update',
          assignments: [{ attnum: 3, value: joined }],
          where: binary(column(1, 1, 'int4'), '=', int(1), 'bool'),
        },
      },
      returning: { targets: [column(1, 3, 'varchar')], columns: [{ name: 'b' }] },
    }
    expect(await rowsOf(engine, statement)).toEqual([['nold']])
    const nothing = { target: [], excluded: 9, action: { kind: 'Nothing' } } as const
    expect(await rowsOf(engine, { ...statement, onConflict: nothing })).toEqual([])
  })

  test('UPDATE from and DELETE using other ranges', async () => {
    await rowsOf(engine, insert([int(1), text('p')], [int(2), text('q')]))
    const other: BoundFromItem = {
      kind: 'Derived',
      range: 2,
      lateral: false,
      query: valuesOf([[int(2), text('new')]]),
    }
    const where = binary(column(1, 1, 'int4'), '=', column(2, 1, 'int4'), 'bool')
    const returning = { targets: [column(1, 3, 'varchar')], columns: [{ name: 'b' }] }
    const update: BoundStatement = {
      kind: 'Update',
      ...plain,
      target,
      assignments: [
        { attnum: 3, value: column(2, 2, 'text') },
        { attnum: 4, value: { kind: 'DefaultValue' } },
      ],
      from: [other],
      where,
      returning,
    }
    expect(await rowsOf(engine, update)).toEqual([['new']])
    const deletion: BoundStatement = {
      kind: 'Delete',
      ...plain,
      target,
      using: [other],
      where,
      returning,
    }
    expect(await rowsOf(engine, deletion)).toEqual([['new']])
    expect(await rowsOf(engine, selectOf([count], { from: [relation(1)] }))).toEqual([['1']])
  })

  test('an assignment to varchar(3) cuts spaces only', async () => {
    await rowsOf(engine, insert([int(1), assigned('abc  ')]))
    const [row] = await rowsOf(
      engine,
      selectOf([column(1, 3, 'varchar')], { from: [relation(1, 3)] }),
    )
    expect(row).toEqual(['abc'])
    expect(await run(engine, insert([int(2), assigned('abcd')]))).toEqual({
      kind: 'Error',
      message: 'Invalid Input Error: grantd:22001:value too long for type character varying(3)',
    })
  })
})

/** A table of two columns, the second with a default. */
function withDefault(value: BoundExpression): BoundStatement {
  return {
    kind: 'CreatePhysicalTable',
    oid: 10,
    columns: [
      { attnum: 1, type: scalar('int4'), notNull: false },
      { attnum: 2, type: scalar('timestamp'), notNull: true, default: value },
    ],
    constraints: [],
  }
}

describe('tables', () => {
  const drop: BoundStatement = { kind: 'DropPhysicalColumn', oid: 7, attnum: 4 }
  const steps: readonly BoundStatement[] = [
    {
      kind: 'AddPhysicalColumn',
      oid: 7,
      column: {
        attnum: 5,
        type: arrayOf('text'),
        notNull: false,
        default: constant(['a'], arrayOf('text')),
      },
    },
    { kind: 'TruncatePhysicalTable', oid: 7 },
    { kind: 'DropPhysicalTable', oid: 7 },
    { kind: 'CreatePhysicalTable', oid: 8, columns: [], constraints: [] },
  ]

  test('columns come and go, rows go, tables go, a table may have no columns', async () => {
    for (const step of steps) expect(await run(engine, step)).toMatchObject({ kind: 'Rows' })
  })

  test('NOT NULL is set on a table without keys', async () => {
    const columns = [{ attnum: 1, type: scalar('int4'), notNull: false }]
    await rowsOf(engine, { kind: 'CreatePhysicalTable', oid: 9, columns, constraints: [] })
    const change: BoundStatement = { kind: 'SetPhysicalNotNull', oid: 9, attnum: 1 }
    expect(await run(engine, change)).toMatchObject({ kind: 'Rows' })
  })

  test('a column changes its type and its number, beside a key behind it and one before it', async () => {
    const columns = [
      { attnum: 1, type: scalar('int4'), notNull: true },
      { attnum: 2, type: scalar('int4'), notNull: true },
      { attnum: 3, type: scalar('int4'), notNull: true },
    ]
    const constraints = [{ kind: 'PrimaryKey', attnums: [1, 3] }] as const
    await rowsOf(engine, { kind: 'CreatePhysicalTable', oid: 11, columns, constraints })
    const using: BoundStatement & { readonly kind: 'AlterPhysicalColumnType' } = {
      kind: 'AlterPhysicalColumnType',
      oid: 11,
      attnum: 2,
      type: scalar('text'),
      using: {
        kind: 'Cast',
        operand: { kind: 'ColumnReference', range: 0, column: 2, type: scalar('int4') },
        type: scalar('text'),
      },
      notNull: true,
    }
    expect(await run(engine, using)).toMatchObject({ kind: 'Rows' })
    const rename: BoundStatement = { kind: 'RenamePhysicalColumn', oid: 11, attnum: 2, to: 4 }
    expect(await run(engine, rename)).toMatchObject({ kind: 'Rows' })
    const drop: BoundStatement = { kind: 'DropPhysicalNotNull', oid: 11, attnum: 4 }
    expect(await run(engine, drop)).toMatchObject({ kind: 'Rows' })
  })

  test('NOT NULL is taken off a column before a key', async () => {
    const columns = [
      { attnum: 1, type: scalar('int4'), notNull: true },
      { attnum: 2, type: scalar('int4'), notNull: true },
    ]
    const constraints = [{ kind: 'PrimaryKey', attnums: [2] }] as const
    await rowsOf(engine, { kind: 'CreatePhysicalTable', oid: 10, columns, constraints })
    const change: BoundStatement = { kind: 'DropPhysicalNotNull', oid: 10, attnum: 1 }
    expect(await run(engine, change)).toMatchObject({ kind: 'Rows' })
  })

  test('a column of a table whose constraints name other columns can go', async () => {
    expect(await run(engine, drop)).toMatchObject({ kind: 'Rows' })
  })

  test('a column that is added gives the rows that are there its default', async () => {
    await rowsOf(engine, insert([int(1), text('x')]))
    const defaults: readonly (readonly [SqlType, BoundExpression])[] = [
      [scalar('int4'), int(-5)],
      [scalar('int8'), { kind: 'PrefixOperation', operator: '-', operand: int(5) }],
      [scalar('bool'), bool(true)],
      [scalar('text'), text('it\'s \\ "x"')],
      [scalar('bpchar', { length: 3 }), cast(text('a'), scalar('bpchar', { length: 3 }))],
      [scalar('numeric', { precision: 6, scale: 2 }), numeric('1.005')],
      [scalar('float8'), constant(Infinity, 'float8')],
      [scalar('bytea'), constant(new Uint8Array([0, 92, 255]), 'bytea')],
      [scalar('date'), constant(-1, 'date')],
      [scalar('timestamp'), constant(1n, 'timestamp')],
      [scalar('timestamptz'), constant(1n, 'timestamptz')],
      [scalar('time'), constant(1n, 'time')],
      [
        scalar('interval'),
        constant({ kind: 'Interval', months: -1, days: 2, micros: -3n }, 'interval'),
      ],
      [scalar('json'), constant('{"a": "x"}', 'json')],
      [arrayOf('text'), constant(['a"\\', null, ' b,'], arrayOf('text'))],
      [scalar('text'), constant(null, 'text')],
    ]
    for (const [index, [type, value]] of defaults.entries()) {
      const added = { attnum: 10 + index, type, notNull: false, default: value }
      await rowsOf(engine, { kind: 'AddPhysicalColumn', oid: 7, column: added })
      const range: BoundFromItem = {
        kind: 'Relation',
        range: 1,
        oid: 7,
        name: target.name,
        columns: [{ attnum: added.attnum, name: 'x', type }],
      }
      const same: BoundExpression = {
        kind: 'DistinctTest',
        left: column(1, added.attnum, type),
        right: cast(value, type),
        negated: true,
      }
      expect([type, await rowsOf(engine, selectOf([same], { from: [range] }))]).toEqual([
        type,
        [[true]],
      ])
    }
  })

  test('a default may tell the time, but nothing else of the session', async () => {
    const now: BoundExpression = {
      kind: 'SessionValue',
      name: 'transaction_timestamp',
      type: scalar('timestamptz'),
    }
    await rowsOf(engine, withDefault(cast(now, 'timestamp')))
    const row: BoundStatement = {
      kind: 'Insert',
      ...plain,
      target: { ...target, oid: 10 },
      columns: [1],
      source: valuesOf([[int(1)]]),
    }
    expect(await run(engine, row)).toMatchObject({ kind: 'Rows' })
    const user: BoundExpression = { ...now, name: 'current_user' }
    expect(() => printStatement(withDefault(user), { database })).toThrow(/values of the session/)
  })

  test('a column whose default must be computed is not added', () => {
    const now: BoundExpression = { kind: 'FunctionCall', function: 'now', arguments: [] }
    const added = { attnum: 5, type: scalar('timestamp'), notNull: false, default: now }
    const add: BoundStatement = { kind: 'AddPhysicalColumn', oid: 7, column: added }
    expect(() => printStatement(add, { database })).toThrow(/not a constant/)
  })

  test('a NOT NULL column is not added in one step', () => {
    const columnOf = { attnum: 5, type: scalar('int4'), notNull: true }
    const add: BoundStatement = { kind: 'AddPhysicalColumn', oid: 7, column: columnOf }
    expect(() => printStatement(add, { database })).toThrow(/not supported/)
  })

  test('CHECK divides as PostgreSQL does', async () => {
    const outcome = await run(engine, insert([int(0), text('x')]))
    expect(outcome).toMatchObject({ message: expect.stringContaining('grantd:22012:') })
    expect(await run(engine, insert([int(1000), text('x')]))).toMatchObject({
      message: expect.stringContaining('Constraint Error'),
    })
  })
})

describe('reading', () => {
  test('a relation of which no column is read still has rows', async () => {
    await rowsOf(engine, insert([int(1), text('p')], [int(2), text('q')]))
    expect(await rowsOf(engine, selectOf([count], { from: [relation(1)] }))).toEqual([['2']])
  })

  test('a relation is cut down to the columns that were found', () => {
    const query = selectOf([column(1, 3, 'text')], { from: [relation(1, 1, 3)] })
    expect(printStatement(query, { database }).sql).toBe(
      `SELECT "r1"."k3" AS "k1" FROM (SELECT "c1" AS "k1", "c3" AS "k3" FROM "${database}"."main"."t7") AS "r1"`,
    )
  })

  test('a parameter that stands twice is one, and keeps its type', async () => {
    const one: BoundExpression = { kind: 'Parameter', number: 2, type: scalar('int4') }
    const two: BoundExpression = { kind: 'Parameter', number: 1, type: scalar('text') }
    const user: BoundExpression = {
      kind: 'SessionValue',
      name: 'current_user',
      type: scalar('name'),
    }
    const query = selectOf([one, two, binary(one, '/', one, 'int4'), user])
    const { sql, parameters } = printStatement(query, { database })
    expect(parameters).toEqual([
      { kind: 'Client', number: 2, type: scalar('int4') },
      { kind: 'Client', number: 1, type: scalar('text') },
      { kind: 'Session', name: 'current_user', type: scalar('name') },
    ])
    expect(sql).toContain('CAST($2 AS VARCHAR)')
    expect(await rowsOf(engine, query, [6, "it's", 'bob'])).toEqual([[6, "it's", 1, 'bob']])
  })

  test("a server relation's rows come as one list a column", () => {
    const item: BoundFromItem = {
      kind: 'ServerRelation',
      range: 4,
      relation: 'tables',
      arguments: [],
      columns: [
        { name: 'id', type: scalar('int4') },
        { name: 'name', type: scalar('text') },
      ],
    }
    const { sql, parameters } = printStatement(selectOf([column(4, 2, 'text')], { from: [item] }), {
      database,
    })
    expect(sql).toContain(
      '(SELECT unnest(CAST($1 AS INTEGER[])) AS "k1", unnest(CAST($2 AS VARCHAR[])) AS "k2") AS "r4"',
    )
    expect(parameters).toEqual([
      { kind: 'ServerColumn', range: 4, column: 1, type: scalar('int4') },
      { kind: 'ServerColumn', range: 4, column: 2, type: scalar('text') },
    ])
  })

  test('a scalar subquery of two rows is an error', async () => {
    const query = selectOf([{ kind: 'ScalarSubquery', query: valuesOf([[int(1)], [int(2)]]) }])
    expect(await run(engine, query)).toMatchObject({
      message: expect.stringContaining('More than one row returned by a subquery'),
    })
  })

  test('a group by a computed value prints it as the target list does', async () => {
    const quotient = binary(
      binary(column(1, 1, 'int4'), '*', int(3), 'int4'),
      '/',
      binary(
        column(1, 2, 'int4'),
        '+',
        binary(column(1, 1, 'int4'), '*', column(1, 2, 'int4'), 'int4'),
        'int4',
      ),
      'int4',
    )
    const query = selectOf([quotient, count], {
      from: [
        {
          kind: 'Derived',
          range: 1,
          lateral: false,
          query: valuesOf([
            [int(1), int(1)],
            [int(1), int(1)],
          ]),
        },
      ],
      groupBy: [{ kind: 'Expression', expression: quotient }],
    })
    expect(await rowsOf(engine, query)).toEqual([[1, '2']])
  })

  test('an error in a branch that is not taken is none', async () => {
    const never: BoundExpression = { kind: 'Constant', value: false, type: scalar('bool') }
    const query = selectOf([binary(numeric('1'), '/', numeric('0'), 'numeric')], { where: never })
    expect(await rowsOf(engine, query)).toEqual([])
  })

  test('decimals of different scales come together without loss', async () => {
    const rows = valuesOf([[cast(int(1), 'numeric')], [numeric('2.50')], [numeric('0.0000001')]])
    expect(await rowsOf(engine, rows)).toEqual([['1.0000000'], ['2.5000000'], ['0.0000001']])
  })
})
