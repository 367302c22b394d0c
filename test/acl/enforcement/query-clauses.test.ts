/** QuestDB's clauses as they are bound: what they need (section 11), and what has no meaning. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'

const schema = schemaOf([
  table('t', 'ts timestamp, sym text, price float8, qty int4', { designatedTimestamp: 1 }),
  table('q', 'ts timestamp, sym text, bid float8, code text', { designatedTimestamp: 1 }),
  table('zoned', 'ts timestamptz, x int4', { designatedTimestamp: 1 }),
  table('plain', 'at timestamp, x int4'),
])

const outcomeOf = (sql: string): ReturnType<typeof outcome> =>
  outcome(bindText(sql, optionsFor(schema)))

beforeAll(loadParser)

describe('the designated timestamp, PARTITION BY and ON columns count as read', () => {
  test.each([
    ['SELECT count(*) FROM t SAMPLE BY 1h', ['SELECT on t(ts*)']],
    ['SELECT ts, count(*) FROM t SAMPLE BY 1h', ['SELECT on t(ts)']],
    ['SELECT sym, max(price) FROM t SAMPLE BY 1h FILL(PREV)', ['SELECT on t(ts*, sym, price)']],
    ['SELECT first(price) FROM t', ['SELECT on t(ts*, price)']],
    ['SELECT first_not_null(price), last(qty) FROM t', ['SELECT on t(ts*, price, qty)']],
    ['SELECT 1 FROM t LATEST BY sym', ['SELECT on t(ts*, sym)']],
    ['SELECT price FROM t LATEST ON ts PARTITION BY sym', ['SELECT on t(ts, sym, price)']],
    ['SELECT 1 FROM t ASOF JOIN q', ['SELECT on t(ts*)', 'SELECT on q(ts*)']],
    ['SELECT 1 FROM t LT JOIN q ON (sym)', ['SELECT on t(ts*, sym)', 'SELECT on q(ts*, sym)']],
    [
      'SELECT bid FROM t ASOF JOIN q ON t.sym = q.code TOLERANCE 1h',
      ['SELECT on t(ts*, sym)', 'SELECT on q(ts*, bid, code)'],
    ],
    ['SELECT 1 FROM plain TIMESTAMP(at)', ['SELECT on plain(at)']],
    [
      'SELECT 1 FROM (SELECT at, x FROM plain) TIMESTAMP(at) p ASOF JOIN q',
      ['SELECT on plain(at, x)', 'SELECT on q(ts*)'],
    ],
    ['SELECT (SELECT count(*) FROM q SAMPLE BY 1h)', ['SELECT on q(ts*)']],
    [
      'INSERT INTO plain SELECT ts, 1 FROM t LATEST BY sym',
      ['INSERT on plain', 'SELECT on t(ts, sym)'],
    ],
    [
      'CREATE VIEW v AS SELECT ts, count(*) AS n FROM t SAMPLE BY 1d',
      ['CREATE VIEW', 'SELECT on t(ts)'],
    ],
    [
      'CREATE TABLE c AS (SELECT t.ts FROM t LT JOIN q ON (sym)) TIMESTAMP(ts)',
      ['CREATE TABLE', 'SELECT on t(ts, sym)', 'SELECT on q(ts*, sym)'],
    ],
  ])('%s', (sql, needs) => {
    const found = outcomeOf(sql)
    expect(found.error).toBeUndefined()
    expect(found.needs).toEqual(needs)
  })

  test.each([
    'SELECT count(*) FROM nothing SAMPLE BY 1h',
    'SELECT 1 FROM t ASOF JOIN nothing ON (sym)',
    'SELECT 1 FROM t LATEST ON ts PARTITION BY none',
    'SELECT 1 FROM t ASOF JOIN q ON (none)',
    'SELECT 1 FROM t ASOF JOIN q ON t.none = q.sym',
    'SELECT 1 FROM t TIMESTAMP(none)',
  ])('what is missing is a requirement of its own (G61): %s', (sql) => {
    const { needs, error } = outcomeOf(sql)
    expect(error).toMatch(/^42P01|^42703/)
    expect(needs.some((need) => /none|nothing/.test(need))).toBe(true)
  })
})

describe('what a query hands on is a time series', () => {
  test.each([
    'SELECT 1 FROM (SELECT ts, sym FROM t) x ASOF JOIN q',
    'SELECT 1 FROM (SELECT sym, ts AS at FROM t) x (a, b) ASOF JOIN q ON x.a = q.sym',
    'WITH w AS (SELECT sym, ts FROM t WHERE price > 1) SELECT count(*) FROM w SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT ts, avg(price) FROM t SAMPLE BY 1m) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT * FROM t LATEST ON ts PARTITION BY sym) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT t.ts FROM t ASOF JOIN q) x SAMPLE BY 1h',
    'SELECT count(*) FROM t JOIN q ON t.sym = q.sym SAMPLE BY 1h',
    'SELECT count(*) FROM t LEFT JOIN q USING (ts) SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT at FROM plain ORDER BY at) x SAMPLE BY 1h',
    'SELECT count(*) FROM (t ASOF JOIN q) AS j SAMPLE BY 1h',
    'SELECT count(*) FROM zoned SAMPLE BY 1d',
  ])('%s', (sql) => {
    expect(outcomeOf(sql).error).toBeUndefined()
  })

  test.each([
    'SELECT count(*) FROM plain SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT sym FROM t) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT ts, count(*) FROM t GROUP BY ts) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT DISTINCT ts FROM t) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT ts + interval $$1 day$$ AS ts FROM t) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT ts FROM t UNION SELECT ts FROM q) x SAMPLE BY 1h',
    'SELECT count(*) FROM (SELECT at FROM plain ORDER BY at DESC) x SAMPLE BY 1h',
    'SELECT count(*) FROM t RIGHT JOIN q ON t.sym = q.sym SAMPLE BY 1h',
    'SELECT count(*) FROM generate_series(1, 2) SAMPLE BY 1h',
    'SELECT 1 SAMPLE BY 1h',
    'SELECT first(x) FROM plain',
    'SELECT * FROM plain LATEST BY x',
    'SELECT * FROM plain LATEST ON at PARTITION BY x',
    'SELECT 1 FROM plain ASOF JOIN q',
    'SELECT 1 FROM q LT JOIN plain',
  ])('but not by %s', (sql) => {
    expect(outcomeOf(sql).error).toMatch(/^42809 /)
  })
})

describe('what has no meaning is refused', () => {
  test.each([
    ['SELECT * FROM t SAMPLE BY 1h', '0A000 * in the select list with SAMPLE BY is not supported'],
    ['SELECT DISTINCT ts FROM t SAMPLE BY 1h', '0A000 DISTINCT with SAMPLE BY is not supported'],
    ['SELECT ts FROM t GROUP BY ts SAMPLE BY 1h', '0A000 GROUP BY with SAMPLE BY is not supported'],
    ['SELECT sym FROM t HAVING true SAMPLE BY 1h', '0A000 HAVING with SAMPLE BY is not supported'],
    [
      'SELECT 1 FROM t LATEST BY sym SAMPLE BY 1h',
      '0A000 LATEST ON with SAMPLE BY is not supported',
    ],
    [
      'SELECT count(*) OVER () FROM t SAMPLE BY 1h',
      '0A000 window functions with SAMPLE BY are not supported',
    ],
    [
      'SELECT sum(qty) + price FROM t SAMPLE BY 1h',
      '42803 column "t.price" must appear in the GROUP BY clause or be used in an aggregate function',
    ],
    [
      'SELECT price * extract(hour FROM ts) FROM t SAMPLE BY 1h',
      '0A000 an expression of the designated timestamp and other columns with SAMPLE BY is not supported',
    ],
    [
      'SELECT count(*) FROM t SAMPLE BY 1h FILL(NONE, 1)',
      '42601 FILL(NONE) cannot be combined with other fill values',
    ],
    ['SELECT count(*) FROM t SAMPLE BY 1h FILL(1, 2)', '42601 FILL has 2 values for 1 aggregates'],
    ['SELECT count(*) FROM t SAMPLE BY 1h FILL(true)', '42846'],
    ["SELECT count(*) FROM t SAMPLE BY 1h FILL('x')", '22P02'],
    ['SELECT count(*) FROM t SAMPLE BY 1h FILL(qty)', '42703 Invalid column: qty'],
    [
      'SELECT count(*) FROM t SAMPLE BY 1h FILL(sum(1))',
      '42803 aggregate functions are not allowed in SAMPLE BY',
    ],
    ['SELECT count(*) FROM t SAMPLE BY 1h FILL(PREV(x))', '42703 Invalid column: x'],
    [
      'SELECT sum(qty) a, sum(qty) FROM t SAMPLE BY 1h FILL(PREV(a))',
      '42601 PREV of a column cannot be the fill of all aggregates',
    ],
    [
      'SELECT sym, count(*) FROM t SAMPLE BY 1h FILL(LINEAR)',
      '0A000 FILL(LINEAR) with keys is not supported',
    ],
    [
      'SELECT max(sym) FROM t SAMPLE BY 1h FILL(LINEAR)',
      '42804 FILL(LINEAR) of type text is not possible',
    ],
    [
      "SELECT count(*) FROM t SAMPLE BY 1h TO '2024-01-01' FILL(LINEAR)",
      '0A000 FROM and TO with FILL(LINEAR) is not supported',
    ],
    [
      "SELECT count(*) FROM t SAMPLE BY 1h FROM '2024-01-01' ALIGN TO FIRST OBSERVATION",
      '0A000 FROM and TO with ALIGN TO FIRST OBSERVATION is not supported',
    ],
    ["SELECT count(*) FROM t SAMPLE BY 1h FROM 'x'", '22007'],
    [
      'SELECT count(*) FROM t SAMPLE BY 1h FROM (SELECT max(ts) FROM q)',
      '0A000 subqueries in SAMPLE BY are not supported',
    ],
    [
      'SELECT count(*) FROM t SAMPLE BY 1h FILL(1 + (SELECT max(qty) FROM t))',
      '0A000 subqueries in SAMPLE BY are not supported',
    ],
    [
      'SELECT count(*) FROM t SAMPLE BY 1h TO CASE WHEN EXISTS (TABLE q) THEN now() END',
      '0A000 subqueries in SAMPLE BY are not supported',
    ],
    ['SELECT count(*) FROM t SAMPLE BY 1h FROM ts', '42703 Invalid column: ts'],
    [
      "SELECT count(*) FROM t SAMPLE BY 1d ALIGN TO CALENDAR TIME ZONE 'Nowhere'",
      '22023 time zone "Nowhere" not recognized',
    ],
    ['SELECT 1 FROM t LATEST ON sym PARTITION BY ts', '42804 column "sym" is not a timestamp'],
    ['SELECT 1 FROM t TIMESTAMP(sym)', '42804 column "sym" is not a timestamp'],
    [
      'SELECT 1 FROM t JOIN q ON true LATEST ON q.ts PARTITION BY t.sym',
      '42P10 latest by over a table requires designated TIMESTAMP',
    ],
    [
      'SELECT 1 FROM t ASOF JOIN q ON t.sym = t.sym',
      '42P10 ON of a time series join compares a column of its left side with one of its right',
    ],
    ['SELECT 1 FROM t ASOF JOIN q ON sym = sym', '42702 column reference "sym" is ambiguous'],
    [
      'SELECT 1 FROM t ASOF JOIN q ON x.sym = q.sym',
      '42P01 missing FROM-clause entry for table "x"',
    ],
    ['SELECT 1 FROM t ASOF JOIN q ON t.qty = q.sym', '42883'],
    ['SELECT ts FROM t ASOF JOIN q', '42702 column reference "ts" is ambiguous'],
    ['SELECT 1 FROM t ASOF JOIN (SELECT t.ts) x', '42P01'],
    [
      'SELECT first(DISTINCT price) FROM t',
      '0A000 DISTINCT and ORDER BY in first are not supported',
    ],
    ['SELECT last(price) OVER () FROM t', '0A000 last with OVER is not supported'],
    [
      'SELECT count_distinct(price) OVER () FROM t',
      '0A000 count_distinct with OVER is not supported',
    ],
    ["SELECT timestamp_floor('1q', ts) FROM t", '0A000'],
    ['SELECT timestamp_floor(sym, ts) FROM t', '0A000'],
  ])('%s', (sql, error) => {
    expect(outcomeOf(sql).error).toMatch(
      new RegExp(`^${error.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
    )
  })
})
