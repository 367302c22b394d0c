/** Joins by time as the engine runs them; the rows of both sides are written out. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { BoundExpression, BoundFromItem, BoundQuery } from '../../../store/bound.ts'
import { rowsOf, selectOf, startEngine } from './engine.ts'
import { binary, column, constant, int, scalar, valuesOf } from './tree.ts'

let engine: DuckDBConnection
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.closeSync())

type Cell = number | null

/** Rows of (time, key, value) under a range. */
function side(range: number, rows: readonly (readonly [Cell, Cell, Cell])[]): BoundFromItem {
  const cells = rows.map((row) =>
    row.map((cell): BoundExpression => (cell === null ? constant(null, 'int4') : int(cell))),
  )
  const query: BoundQuery = {
    ...valuesOf(cells),
    columns: ['t', 'k', 'v'].map((name) => ({ name, type: scalar('int4') })),
  }
  return { kind: 'Derived', range, lateral: false, query }
}

function joined(
  left: BoundFromItem,
  right: BoundFromItem,
  how: { readonly operator: '>=' | '>'; readonly isKeyed: boolean },
): BoundFromItem {
  const [from, to] = [1, rightRange(right)]
  const key = binary(column(from, 2, 'int4'), '=', column(to, 2, 'int4'), 'bool')
  const time = binary(column(from, 1, 'int4'), how.operator, column(to, 1, 'int4'), 'bool')
  const operands = how.isKeyed ? [key, time] : [time]
  return {
    kind: 'Join',
    join: 'ASOF',
    left,
    right,
    on: { kind: 'Logical', operator: 'AND', operands },
  }
}

function rightRange(item: BoundFromItem): number {
  return item.kind === 'Join' ? rightRange(item.left) : item.range
}

async function run(targets: readonly BoundExpression[], from: BoundFromItem): Promise<unknown> {
  const statement = selectOf(targets, { from: [from] })
  const rows = await rowsOf(engine, statement)
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

const left = side(1, [
  [1, 1, 10],
  [5, 1, 11],
  [5, 2, 12],
  [null, 1, 13],
  [9, null, 14],
])
const right = side(2, [
  [1, 1, 20],
  [4, 2, null],
  [5, 1, 21],
  [null, 1, 22],
  [2, null, 23],
])
const values = [column(1, 3, 'int4'), column(2, 1, 'int4'), column(2, 3, 'int4')]

describe('each row of the left side stays, with at most one of the right', () => {
  test('with keys, up to its own time', async () => {
    expect(await run(values, joined(left, right, { operator: '>=', isKeyed: true }))).toEqual([
      '[10,1,20]',
      '[11,5,21]',
      '[12,4,null]',
      '[13,null,null]',
      '[14,null,null]',
    ])
  })

  test('with keys, before its own time', async () => {
    expect(await run(values, joined(left, right, { operator: '>', isKeyed: true }))).toEqual([
      '[10,null,null]',
      '[11,1,20]',
      '[12,4,null]',
      '[13,null,null]',
      '[14,null,null]',
    ])
  })

  test('without keys', async () => {
    expect(await run(values, joined(left, right, { operator: '>', isKeyed: false }))).toEqual([
      '[10,null,null]',
      '[11,4,null]',
      '[12,4,null]',
      '[13,null,null]',
      '[14,5,21]',
    ])
  })

  test('on the result of another one, and as its right side', async () => {
    const how = { operator: '>=', isKeyed: true } as const
    const third = side(3, [[3, 1, 30]])
    const twice = joined(joined(left, right, how), third, how)
    const targets = [...values, column(3, 3, 'int4')]
    expect(await run(targets, twice)).toEqual([
      '[10,1,20,null]',
      '[11,5,21,30]',
      '[12,4,null,null]',
      '[13,null,null,null]',
      '[14,null,null,null]',
    ])
    const nested = joined(left, { kind: 'Join', join: 'CROSS', left: right, right: third }, how)
    expect(await run(targets, nested)).toEqual([
      '[10,1,20,30]',
      '[11,5,21,30]',
      '[12,4,null,30]',
      '[13,null,null,null]',
      '[14,null,null,null]',
    ])
  })

  test('and an empty side is no matter', async () => {
    const empty: BoundFromItem = {
      kind: 'Derived',
      range: 2,
      lateral: false,
      query: {
        ...selectOf([int(1), int(1), int(1)], { where: constant(false, 'bool') }),
        columns: ['t', 'k', 'v'].map((name) => ({ name, type: scalar('int4') })),
      },
    }
    const how = { operator: '>=', isKeyed: true } as const
    expect(await run([column(2, 3, 'int4')], joined(left, empty, how))).toEqual(
      Array.from({ length: 5 }, () => '[null]'),
    )
  })
})
