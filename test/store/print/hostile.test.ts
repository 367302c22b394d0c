import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DuckDBConnection } from '@duckdb/node-api'
import { assert, asyncProperty, constantFrom, oneof, pre, property, string } from 'fast-check'
import type {
  BoundExpression,
  BoundFromItem,
  BoundQuery,
  BoundStatement,
} from '../../../store/bound.ts'
import { describePlan } from '../../../store/print/explain.ts'
import { printStatement } from '../../../store/print.ts'
import { database, rowsOf, runText, selectOf, startEngine } from './engine.ts'
import { arrayOf, binary, column, constant, int, scalar, text, valuesOf } from './tree.ts'

let engine: DuckDBConnection
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.closeSync())

/** A name in every slot of the tree that has one; none may be printed. */
function slots(name: string): readonly BoundStatement[] {
  const named = { schema: name, name }
  const target = { range: 1, oid: 7, name: named, columns: [{ attnum: 1, name }] }
  const relation: BoundFromItem = {
    kind: 'Relation',
    range: 1,
    oid: 7,
    name: named,
    columns: [{ attnum: 1, name, type: scalar('int4') }],
  }
  const output = [{ name, type: scalar('int4') }]
  const of = column(1, 1, 'int4')
  const query: BoundQuery = { ...selectOf([of], { from: [relation] }), columns: output }
  const view: BoundFromItem = { kind: 'Derived', range: 2, lateral: false, query, view: named }
  const server: BoundFromItem = {
    kind: 'ServerRelation',
    range: 3,
    relation: name,
    arguments: [name],
    columns: [{ name, type: scalar('text') }],
  }
  const inTime: BoundFromItem = {
    kind: 'Join',
    join: 'ASOF',
    left: relation,
    right: view,
    on: {
      kind: 'Logical',
      operator: 'AND',
      operands: [binary(of, '>=', column(2, 1, 'int4'), 'bool')],
    },
  }
  const returning = { targets: [of], columns: output }
  const write = { with: [], recursive: false, target, returning }
  return [
    query,
    { ...selectOf([column(2, 1, 'int4')], { from: [view, server] }), columns: output },
    { ...selectOf([column(2, 1, 'int4')], { from: [inTime] }), columns: output },
    { kind: 'Insert', ...write, columns: [1], source: valuesOf([[int(1)]]) },
    { kind: 'Update', ...write, assignments: [{ attnum: 1, value: int(1) }], from: [] },
    { kind: 'Delete', ...write, using: [] },
  ]
}

const hostile = oneof(
  string({ unit: 'binary', minLength: 1 }).filter((one) => !one.includes('\0')),
  constantFrom(
    `"`,
    `""`,
    `'`,
    `''`,
    `\\`,
    `\\'`,
    `--`,
    `/*`,
    `*/`,
    `$$`,
    `;`,
    `E'\\''`,
    `x' OR 1=1 --`,
    `"x as(select 1)select ssn from secret union all--"`,
    `grantd:22012:x`,
    `"v1"`,
    '"v999999999"',
    '$1',
    '\n',
    '\u00a0',
    '\u2028',
  ),
)

/** What is left of SQL when its string literals are taken out. */
function withoutLiterals(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'/g, "''")
}

/** Everything that generated SQL is made of outside literals. */
const generated =
  /^(?:"(?:[rqkcftv]\d{1,6}|s|excluded|main|d_[0-9a-f]{16}|[a-z_][a-z0-9_]*|\/)"|[A-Za-z_]+|\d+|''|\$\d+|[\s()[\]{}.,:+\-*/%<>=|&])*$/

describe('text of users', () => {
  test('in names is never printed', () => {
    assert(
      property(hostile, (name) => {
        const marked = `${name}Zebra`
        for (const statement of slots(marked)) {
          const { sql } = printStatement(statement, { database })
          expect(sql).not.toContain('Zebra')
          expect(sql).toMatch(generated)
        }
      }),
    )
  })

  test('in literals comes back as it was, and nothing but literals holds it', async () => {
    await assert(
      asyncProperty(hostile, async (value) => {
        const targets: readonly BoundExpression[] = [
          text(value),
          constant(value, 'varchar'),
          constant([value, null], arrayOf('text')),
          binary(text(''), '||', text(value), 'text'),
        ]
        const query = selectOf(targets)
        expect(withoutLiterals(printStatement(query, { database }).sql)).toMatch(generated)
        expect(await rowsOf(engine, query)).toEqual([[value, value, [value, null], value]])
      }),
    )
  })

  test('matches itself as a LIKE pattern when escaped', async () => {
    await assert(
      asyncProperty(hostile, async (value) => {
        const pattern = text(value.replaceAll(/[\\%_]/g, '\\$&'))
        const like: BoundExpression = {
          kind: 'LikeMatch',
          operand: text(value),
          pattern,
          caseInsensitive: false,
          negated: false,
          type: scalar('bool'),
        }
        expect(await rowsOf(engine, selectOf([like]))).toEqual([[true]])
      }),
    )
  })

  test('as a JSON key is a key and never a path', async () => {
    await assert(
      asyncProperty(string(), string(), async (key, other) => {
        pre(key !== other)
        const json = constant(JSON.stringify({ [key]: 'x', [other]: 'y' }), 'json')
        const member = binary(json, '->>', text(key), 'text')
        expect(await rowsOf(engine, selectOf([member]))).toEqual([['x']])
      }),
    )
  })

  test('with U+0000 is refused', () => {
    expect(() => printStatement(selectOf([text('a\0b')]), { database })).toThrow(
      /invalid byte sequence/,
    )
  })

  test('cannot pass for an error of ours', async () => {
    const query = selectOf([
      { kind: 'Cast', operand: text('grantd:42501:no'), type: scalar('int4') },
    ])
    const outcome = await runText(engine, printStatement(query, { database }).sql)
    expect(outcome).toEqual({
      kind: 'Error',
      message: 'Invalid Input Error: grantd:22P02:invalid input syntax for type integer',
    })
  })
})

describe('what is no name', () => {
  test.each([
    ['a function', { kind: 'FunctionCall', function: 'lower"(', arguments: [] }],
    ['a function in capitals', { kind: 'FunctionCall', function: 'LOWER', arguments: [] }],
    ['a range', { kind: 'ColumnReference', range: 1.5, column: 1 }],
    ['a column', { kind: 'ColumnReference', range: 1, column: -1 }],
  ] satisfies readonly (readonly [string, BoundExpression])[])('%s is refused', (_, expression) => {
    expect(() => printStatement(selectOf([expression]), { database })).toThrow(/invariant/)
  })

  test('an alias of the database that is none is refused', () => {
    const drop: BoundStatement = { kind: 'DropPhysicalTable', oid: 1 }
    expect(() => printStatement(drop, { database: 'x"; DROP' })).toThrow(/invariant/)
  })
})

describe('EXPLAIN', () => {
  test('shows no constant and nothing below a view', () => {
    const [, ofView] = slots('secret')
    if (ofView?.kind !== 'Query') throw new Error('a query')
    const where = binary(column(1, 1, 'text'), '=', text('constant'), 'bool')
    const lines = describePlan({
      ...ofView,
      body: { ...selectOf([], { where }).body, ...ofView.body },
    })
    expect(lines).toEqual([
      'Filter',
      '  ->  Nested Loop',
      '        ->  View Scan on secret.secret',
      '        ->  Function Scan on secret',
    ])
  })
})
