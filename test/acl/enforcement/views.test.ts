import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Relation } from '../../../acl/schema.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'
import { viewOf } from './view-fixture.ts'

beforeAll(loadParser)

const sales = table('sales', 'region text, amount int4, secret text', { oid: 20 })

/** A view over a table, and one over the view. */
function relations(): readonly [Relation, Relation, Relation] {
  const emea = viewOf(
    'emea',
    "SELECT region, amount FROM sales WHERE region = 'EMEA'",
    schemaOf([sales]),
  )
  const total = viewOf(
    'total',
    'WITH q AS (SELECT sum(e.amount) AS s FROM emea e) SELECT q.s AS total FROM q',
    schemaOf([sales, emea]),
    950,
  )
  return [sales, emea, total]
}

const emeaOf = (): Relation => relations()[1]
const totalOf = (): Relation => relations()[2]

describe('SELECT on the view is all that is needed (V1)', () => {
  test.each([
    ['SELECT * FROM emea', ['SELECT on emea']],
    ['SELECT amount FROM emea WHERE amount > 1', ['SELECT on emea']],
    ['SELECT count(*) FROM emea', ['SELECT on emea']],
    ['SELECT total FROM total', ['SELECT on total']],
    [
      'SELECT e.amount FROM emea e JOIN sales USING (region)',
      ['SELECT on emea', 'SELECT on sales(region)'],
    ],
  ])('%s', (sql, needs) => {
    const bound = outcome(bindText(sql, optionsFor(schemaOf(relations()))))
    expect(bound.needs).toEqual(needs)
    expect(bound.error).toBeUndefined()
  })

  test('what it does not show is not there', () => {
    expect(outcome(bindText('SELECT secret FROM emea', optionsFor(schemaOf(relations()))))).toEqual(
      { needs: ['SELECT on emea'], error: '42703 Invalid column: secret' },
    )
  })
})

test('a view twice in one statement has numbers of its own each time', () => {
  const binding = bindText(
    'SELECT x.total, y.total FROM total x, total y',
    optionsFor(schemaOf(relations())),
  )
  if (binding.kind !== 'Data') throw new Error('it binds')
  const ranges: number[] = []
  JSON.stringify(binding.statement, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'kind' in value && 'range' in value) {
      if (value.kind !== 'ColumnReference') ranges.push(Number(value.range))
    }
    return typeof value === 'bigint' ? value.toString() : value
  })
  expect(new Set(ranges).size).toBe(ranges.length)
  expect(ranges.length).toBeGreaterThanOrEqual(8)
})

describe('a view is bound again by name (V10, D44)', () => {
  test('its table is gone: the error names it', () => {
    expect(outcome(bindText('SELECT * FROM emea', optionsFor(schemaOf([emeaOf()]))))).toEqual({
      needs: ['SELECT on emea'],
      error: '42P01 view emea is invalid: table does not exist [table=sales]',
    })
  })
  test('the view inside it is gone', () => {
    expect(
      outcome(bindText('SELECT * FROM total', optionsFor(schemaOf([sales, totalOf()])))).error,
    ).toBe('42P01 view total is invalid: view does not exist [view=emea]')
  })
  test('what is gone is inside an inner view, which is not named', () => {
    expect(
      outcome(bindText('SELECT * FROM total', optionsFor(schemaOf([emeaOf(), totalOf()])))).error,
    ).toBe('42P01 view total is invalid: table does not exist [table=sales]')
  })
  test('a column is gone', () => {
    const less = table('sales', 'region text, secret text', { oid: 21 })
    expect(
      outcome(bindText('SELECT region FROM emea', optionsFor(schemaOf([less, emeaOf()])))).error,
    ).toBe('42703 view emea is invalid: Invalid column: amount')
  })
  test('a table made anew under the name, its columns in another order, is read', () => {
    const anew = table('sales', 'secret text, amount int4, region text', { oid: 22 })
    const binding = bindText('SELECT * FROM emea', optionsFor(schemaOf([anew, emeaOf()])))
    if (binding.kind !== 'Data') throw new Error('it binds')
    expect(JSON.stringify(binding.statement)).toContain(
      '"oid":22,"name":{"schema":"public","name":"sales"},"columns":[{"attnum":3,"name":"region"',
    )
    expect(binding.columns.map(({ name }) => name)).toEqual(['region', 'amount'])
  })
  test('a column of another type makes it invalid', () => {
    const other = table('sales', 'region text, amount text', { oid: 23 })
    expect(
      outcome(bindText('SELECT * FROM emea', optionsFor(schemaOf([other, emeaOf()])))).error,
    ).toMatch(/^0A000 view emea is invalid/)
  })
})

test('a star in a view does not grow with its table (V5)', () => {
  const all = viewOf('everything', 'SELECT * FROM sales', schemaOf([sales]))
  const wider = table('sales', 'region text, amount int4, secret text, later int4', { oid: 20 })
  const bound = outcome(bindText('SELECT * FROM everything', optionsFor(schemaOf([wider, all]))))
  expect(bound.columns).toEqual(['region text', 'amount int4', 'secret text'])
})

test('views bring in a bounded number of tables (hardening 5.3)', () => {
  const wide = viewOf(
    'wide',
    Array.from({ length: 60 }, () => 'SELECT region FROM sales').join(' UNION ALL '),
    schemaOf([sales]),
  )
  const options = optionsFor(schemaOf([sales, wide]))
  expect(outcome(bindText('SELECT 1 FROM wide', options))).not.toHaveProperty('error')
  expect(outcome(bindText('SELECT 1 FROM wide a, wide b', options)).error).toMatch(/^54001 /)
})

test('views that double along a chain end in an error, not in a long wait', () => {
  const list: Relation[] = [sales]
  let previous = 'sales'
  for (let step = 0; step < 11; step++) {
    try {
      list.push(
        viewOf(
          `v${step}`,
          `SELECT x.region FROM ${previous} x, ${previous} y`,
          schemaOf(list),
          1_000 + step,
        ),
      )
    } catch {
      break
    }
    previous = `v${step}`
  }
  const bound = outcome(
    bindText(`SELECT count(*) FROM ${previous} x, ${previous} y`, optionsFor(schemaOf(list))),
  )
  expect(bound.error).toMatch(/^54001 /)
})
