/** QuestDB's clauses as they are read: what they say, what they belong to, and what is none of them. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { array, assert, constantFrom, integer, oneof, option, property, tuple } from 'fast-check'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { printStatement } from '../../parser/print.ts'
import type {
  ColumnName,
  QueryClauses,
  SampleBy,
  SampleFill,
  TimeSeriesKey,
} from '../../parser/query-clauses.ts'
import type { QuerySyntax } from '../../parser/statement.ts'
import { sqlErrorOf } from './sql-error-of.ts'
import { withoutPlaces } from './without-places.ts'

beforeAll(loadParser)

function queryOf(sql: string): QuerySyntax<unknown> {
  const [parsed] = parseStatements(sql)
  const statement = parsed?.statement
  const inner = statement?.kind === 'Explain' ? statement.statement : statement
  if (inner === undefined || !('query' in inner)) throw new Error(`not a query: ${sql}`)
  return inner.query
}

function nameText({ parts }: ColumnName): string {
  return parts.map(({ text }) => text).join('.')
}

function fillText(fill: SampleFill): string {
  if (fill.kind === 'Value') return fill.value.text
  return fill.kind === 'Prev' && fill.column !== undefined ? `Prev(${fill.column.text})` : fill.kind
}

function sampleText({ period, from, to, fills, alignment }: SampleBy): string {
  const { kind, ...rest } = alignment
  const zone = 'timeZone' in rest ? ` in ${rest.timeZone?.value}` : ''
  const offset = 'offsetMinutes' in rest ? ` at ${rest.offsetMinutes}` : ''
  const bounds = [from, to].map((bound) => bound?.text ?? '').join(' .. ')
  return `${period.count}${period.unit} ${bounds} [${fills.map(fillText).join('; ')}] ${kind}${zone}${offset}`
}

function keyText(key: TimeSeriesKey): string {
  if (key.kind === 'Shared') return key.column.text
  return `${nameText(key.left)} = ${nameText(key.right)}`
}

/** All clauses in words, in the order of the text. */
function clauseTexts({ clauses }: Pick<QuerySyntax<unknown>, 'clauses'>): readonly string[] {
  const { selects, joins, timestamps }: QueryClauses = clauses ?? {
    selects: new Map(),
    joins: new Map(),
    timestamps: new Map(),
  }
  const found = [
    ...[...selects.values()].flatMap(({ latestOn, sampleBy }) => [
      ...(latestOn === undefined
        ? []
        : [
            {
              at: latestOn.span.start,
              text: `latest ${latestOn.timestamp === undefined ? '' : nameText(latestOn.timestamp)} by ${latestOn.keys.map(nameText).join(', ')}`,
            },
          ]),
      ...(sampleBy === undefined
        ? []
        : [{ at: sampleBy.span.start, text: `sample ${sampleText(sampleBy)}` }]),
    ]),
    ...[...joins.values()].map(({ join, keys, tolerance, span }) => ({
      at: span.start,
      text: `${join} on ${keys.map(keyText).join(' and ')}${tolerance === undefined ? '' : ` within ${tolerance.count}${tolerance.unit}`}`,
    })),
    ...[...timestamps.values()].map(({ column, span }) => ({
      at: span.start,
      text: `timestamp ${column.text}`,
    })),
  ]
  return found.toSorted((a, b) => a.at - b.at).map(({ text }) => text)
}

/** A tree without places and without ON. */
function withoutConditions(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) =>
    key === 'location' || key === 'quals' ? undefined : value,
  )
}

describe('what is read', () => {
  test.each([
    ['SELECT a FROM t SAMPLE BY 1h', ['sample 1h  ..  [] Calendar']],
    ['SELECT a FROM t sample by M', ['sample 1M  ..  [] Calendar']],
    [
      "SELECT a FROM t WHERE b > 0 SAMPLE BY 5m FROM '2024-01-01' TO now() + '1 day' FILL(PREV, 1 + 2, null, LINEAR, prev(x)) ALIGN TO CALENDAR TIME ZONE 'Europe/Berlin' WITH OFFSET '-00:30' ORDER BY a LIMIT 1",
      [
        "sample 5m '2024-01-01' .. now() + '1 day' [Prev; 1 + 2; Null; Linear; Prev(x)] Calendar in Europe/Berlin at -30",
      ],
    ],
    [
      "SELECT a FROM t SAMPLE BY 2w TO $1 ALIGN TO CALENDAR WITH OFFSET '10:15'",
      ['sample 2w  .. $1 [] Calendar at 615'],
    ],
    [
      'SELECT a FROM t SAMPLE BY 3y FILL(NONE) ALIGN TO FIRST OBSERVATION',
      ['sample 3y  ..  [None] FirstObservation'],
    ],
    ['SELECT * FROM t LATEST ON ts PARTITION BY a, "B".c', ['latest ts by a, B.c']],
    ['SELECT * FROM t WHERE a LATEST BY b ORDER BY 1', ['latest  by b']],
    ['SELECT b FROM t LATEST ON t.ts PARTITION BY a GROUP BY b', ['latest t.ts by a']],
    ['SELECT * FROM a ASOF JOIN b', ['ASOF on ']],
    ['SELECT * FROM a ASOF JOIN b ON (x)', ['ASOF on x']],
    ['SELECT * FROM a LT JOIN b ON (x, "Y z")', ['LT on x and Y z']],
    ['SELECT * FROM a LT JOIN b ON a.x = b.y TOLERANCE 30m', ['LT on a.x = b.y within 30m']],
    [
      'SELECT * FROM a ASOF JOIN s.b AS c ON ((a.x = c.x) AND (a.y = s.b.y)) TOLERANCE h WHERE a.z',
      ['ASOF on a.x = c.x and a.y = s.b.y within 1h'],
    ],
    ['SELECT * FROM a ASOF JOIN b ASOF JOIN c ON (k)', ['ASOF on ', 'ASOF on k']],
    ['SELECT * FROM a JOIN b ON a.x = b.x LT JOIN c c2 ON (k), d', ['LT on k']],
    ['SELECT * FROM (a ASOF JOIN b ON (k)) LT JOIN c', ['ASOF on k', 'LT on ']],
    ['SELECT * FROM (SELECT * FROM t) TIMESTAMP(ts)', ['timestamp ts']],
    [
      'SELECT * FROM t timestamp("Ts") AS x ASOF JOIN u timestamp(z) y',
      ['timestamp Ts', 'ASOF on ', 'timestamp z'],
    ],
    ['INSERT INTO x SELECT * FROM a ASOF JOIN b ON CONFLICT DO NOTHING', ['ASOF on ']],
    ['INSERT INTO x SELECT a FROM t SAMPLE BY 1d RETURNING a', ['sample 1d  ..  [] Calendar']],
    ['EXPLAIN SELECT a FROM t SAMPLE BY 1d', ['sample 1d  ..  [] Calendar']],
    [
      'CREATE TABLE c AS (SELECT a FROM t SAMPLE BY 1d) TIMESTAMP(a)',
      ['sample 1d  ..  [] Calendar'],
    ],
    [
      'CREATE VIEW v AS SELECT a FROM t LATEST ON ts PARTITION BY a OWNED BY bob',
      ['latest ts by a'],
    ],
    ['DELETE FROM t USING (SELECT a FROM u LATEST ON ts PARTITION BY a) x', ['latest ts by a']],
  ])('%s', (sql, expected) => {
    expect(clauseTexts(queryOf(sql))).toEqual(expected)
  })

  test('each query has its own', () => {
    const sql = `WITH w AS (SELECT a FROM t SAMPLE BY 1d)
      SELECT (SELECT b FROM u LATEST ON ts PARTITION BY b) FROM w
      ASOF JOIN (SELECT * FROM x LT JOIN y ON (k) SAMPLE BY 1h) z ON (j)
      UNION SELECT a FROM t SAMPLE BY 1s ORDER BY 1`
    expect(clauseTexts(queryOf(sql))).toEqual([
      'sample 1d  ..  [] Calendar',
      'latest ts by b',
      'ASOF on j',
      'LT on k',
      'sample 1h  ..  [] Calendar',
      'sample 1s  ..  [] Calendar',
    ])
  })

  test('nothing of them is in the tree', () => {
    const sql = 'SELECT * FROM t timestamp(ts) ASOF JOIN u ON (k) LATEST ON ts PARTITION BY a'
    const plain = queryOf('SELECT * FROM t JOIN u ON true')
    expect(withoutConditions(queryOf(sql).tree)).toBe(withoutConditions(plain.tree))
  })

  test('variables in them are those of the DECLARE around', () => {
    const { clauses, variables } = queryOf(
      'DECLARE @a := 1, @b := 2 SELECT @b, x FROM t SAMPLE BY 1d FROM @a FILL(@b)',
    )
    const [sample] = [...(clauses?.selects.values() ?? [])].map(({ sampleBy }) => sampleBy)
    expect(sample?.from?.variables).toBeDefined()
    expect([...(variables?.values() ?? [])].map(({ text }) => text)).toEqual(['b', 'a', 'b'])
  })
})

describe('what only looks like one', () => {
  test.each([
    'SELECT a FROM t AS asof JOIN u ON true',
    'SELECT a FROM asof JOIN u ON true',
    'SELECT a FROM u, lt JOIN v ON true',
    'SELECT a FROM s.lt JOIN u ON true',
    'SELECT a FROM t JOIN latest ON t.a = latest.a',
    'SELECT a FROM t JOIN latest ON latest.a = t.a WHERE true',
    'SELECT latest, sample, lt, asof, tolerance, fill, timestamp FROM t',
    'SELECT a AS sample, b AS latest FROM t ORDER BY sample',
    'SELECT sample.by FROM sample',
    'SELECT "SAMPLE" BY FROM t',
    'WITH timestamp(a) AS (SELECT 1) SELECT a FROM timestamp',
    'WITH RECURSIVE timestamp(a) AS (SELECT 1) SELECT a FROM timestamp',
    "SELECT '2024-01-01'::timestamp(3), CAST(a AS timestamp(3)) FROM t",
    'SELECT a FROM t AS timestamp(b)',
    "SELECT ' SAMPLE BY 1h' /* LATEST BY a */ FROM t -- ASOF JOIN b",
  ])('%s', (sql) => {
    expect(queryOf(sql).clauses).toBeUndefined()
  })

  test('TOLERANCE may be a name, before another clause', () => {
    const { clauses } = queryOf('SELECT * FROM a ASOF JOIN b tolerance ON (k)')
    expect([...(clauses?.joins.values() ?? [])][0]?.tolerance).toBeUndefined()
  })
})

describe('an error is where it is in the text', () => {
  test.each([
    ['SELECT a FROM t SAMPLE BY 1h WHERE x', 'syntax error at or near "WHERE"', 29],
    ['SELECT a FROM t SAMPLE BY', 'syntax error at end of input', 25],
    ['SELECT a FROM t SAMPLE BY 1q', 'trailing junk after numeric literal at or near "1q"', 26],
    ['SELECT a FROM t SAMPLE BY 0h', 'trailing junk after numeric literal at or near "0h"', 26],
    ['SELECT a FROM t SAMPLE BY 2147483647w', 'period is too long', 26],
    ['SELECT a FROM t ASOF JOIN u TOLERANCE 2147483647d', 'period is too long', 38],
    ['SELECT a FROM t SAMPLE BY 1 h', 'syntax error at or near "1"', 26],
    ['SELECT a FROM t SAMPLE BY 1h FILL()', 'syntax error at or near ")"', 34],
    ['SELECT a FROM t SAMPLE BY 1h FILL(NULL', 'syntax error at end of input', 38],
    ['SELECT a FROM t SAMPLE BY 1h FROM FILL(NULL)', 'syntax error at or near "FILL"', 34],
    ['SELECT a FROM t SAMPLE BY 1h FROM 1 + TO 2', 'syntax error at or near "TO"', 38],
    ['SELECT a FROM t SAMPLE BY 1h ALIGN TO NOTHING', 'syntax error at or near "NOTHING"', 38],
    [
      "SELECT a FROM t SAMPLE BY 1h ALIGN TO CALENDAR WITH OFFSET '1h'",
      "WITH OFFSET expects a text such as '+02:30'",
      59,
    ],
    ['SELECT a FROM t SAMPLE BY 1h SAMPLE BY 1d', 'syntax error at or near "SAMPLE"', 29],
    ['SELECT a FROM t SAMPLE BY 1h GROUP BY a', 'syntax error at or near "GROUP"', 29],
    ['SELECT a FROM t ORDER BY a SAMPLE BY 1h', 'syntax error at or near "SAMPLE"', 27],
    ['UPDATE t SET a = 1 SAMPLE BY 1h', 'syntax error at or near "SAMPLE"', 19],
    ['SELECT a FROM t LATEST BY a WHERE b', 'syntax error at or near "WHERE"', 28],
    ['SELECT a FROM t LATEST ON ts PARTITION BY', 'syntax error at end of input', 41],
    [
      'SELECT a FROM t LATEST ON ts PARTITION BY a + 1',
      'syntax error at or near "LATEST ON ts PARTITION BY a"',
      16,
    ],
    ["SELECT a FROM t LATEST BY 'a'", `syntax error at or near "'a'"`, 26],
    ['SELECT a FROM t ASOF JOIN', 'syntax error at end of input', 25],
    ['SELECT a FROM t ASOF JOIN u ON', 'syntax error at end of input', 30],
    ['SELECT a FROM t ASOF JOIN u ON a > b', 'syntax error at or near ">"', 33],
    ['SELECT a FROM t ASOF JOIN u ON a = b OR c = d', 'syntax error at or near "OR"', 37],
    ['SELECT a FROM t ASOF JOIN u USING (a)', 'syntax error at or near "USING"', 28],
    [
      'SELECT a FROM t ASOF JOIN u TOLERANCE 1q',
      'trailing junk after numeric literal at or near "1q"',
      38,
    ],
    ['SELECT a FROM t ASOF JOIN u WHERE WHERE', 'syntax error at or near "WHERE"', 34],
    ['SELECT a FROM t ASOF JOIN LATERAL u', 'syntax error at or near "LATERAL"', 26],
    ['SELECT a timestamp(b) FROM t', 'syntax error at or near "timestamp(b)"', 9],
    ['SELECT é, 😀 FROM t ASOF JOIN u ON (k) WHERE = 2', 'syntax error at or near "="', 45],
    [
      "SELECT 'é' FROM t LATEST ON ts PARTITION BY a LIMIT LIMIT",
      'syntax error at or near "LIMIT"',
      52,
    ],
  ])('%s', (sql, message, offset) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({ message, offset })
  })

  test('the names that stand in for clauses are no names of the client', () => {
    const sql = 'SELECT a FROM t SAMPLE BY 1h WINDOW "clause 1" AS ()'
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({ sqlState: '42601' })
    const other = 'SELECT "clause 1" OVER "clause 1", b FROM t ASOF JOIN u ON ("clause 1")'
    expect(sqlErrorOf(() => parseStatements(other))).toMatchObject({ sqlState: '42601' })
    const fine = queryOf('SELECT "clause 1" FROM t ASOF JOIN "clause 1" ON ("clause 1.")')
    expect(clauseTexts(fine)).toEqual(['ASOF on clause 1.'])
  })

  test('places behind a clause are places in the text', () => {
    const sql = "SELECT 'é' FROM t ASOF JOIN u ON (k) TOLERANCE 1h LT JOIN v WHERE beta = 1"
    const { tree, offsetOf } = queryOf(sql)
    const locations: (number | undefined)[] = []
    JSON.stringify(tree, (key, value: unknown) => {
      if (key === 'ColumnRef' && typeof value === 'object' && value !== null) {
        locations.push('location' in value ? offsetOf(Number(value.location)) : undefined)
      }
      return value
    })
    expect(locations).toEqual([sql.indexOf('beta')])
  })
})

const units = constantFrom('U', 'T', 's', 'm', 'h', 'd', 'w', 'M', 'y')
const period = tuple(integer({ min: 1, max: 99 }), units).map((parts) => parts.join(''))
const fill = constantFrom('NULL', 'PREV', 'LINEAR', '0', '-1.5', "'x'", 'PREV(a)', 'f(1, (2))')
const name = constantFrom('a', '"b c"', 't.a', 'latest', 'sample', '"SAMPLE BY"')
const sample = tuple(
  period,
  constantFrom('', " FROM '2024'", ' TO now()', " FROM $1 TO '2025' || 'x'"),
  option(array(fill, { minLength: 1, maxLength: 3 })),
  constantFrom(
    '',
    ' ALIGN TO FIRST OBSERVATION',
    ' ALIGN TO CALENDAR',
    " ALIGN TO CALENDAR TIME ZONE 'UTC' WITH OFFSET '01:00'",
  ),
).map(
  ([width, bounds, fills, align]) =>
    ` SAMPLE BY ${width}${bounds}${fills === null ? '' : ` FILL(${fills.join(', ')})`}${align}`,
)
const latest = array(name, { minLength: 1, maxLength: 2 }).map(
  (names) => ` LATEST ON ts PARTITION BY ${names.join(', ')}`,
)
const join = tuple(
  constantFrom('ASOF', 'LT'),
  constantFrom('u', 's.u AS x', '(SELECT 1 FROM y SAMPLE BY 1h) z', 'u TIMESTAMP(ts) w'),
  constantFrom('', ' ON (a)', ' ON (a, "b c")', ' ON t.a = u.b AND (t.c = u.d)'),
  option(constantFrom('1h', 'd', '10s')),
).map(
  ([kind, right, on, tolerance]) =>
    ` ${kind} JOIN ${right}${on}${tolerance === null ? '' : ` TOLERANCE ${tolerance}`}`,
)

test('a view prints as it was read, clauses and all', () => {
  assert(
    property(array(join, { maxLength: 2 }), oneof(sample, latest), (joins, clause) => {
      const sql = `CREATE VIEW v AS SELECT a FROM t${joins.join('')} WHERE b${clause} ORDER BY 1`
      const [first] = parseStatements(sql)
      if (first?.statement.kind !== 'CreateView') throw new Error('no view')
      const [second] = parseStatements(printStatement(first.statement))
      if (second?.statement.kind !== 'CreateView') throw new Error('no view')
      expect(withoutPlaces(second.statement)).toEqual(withoutPlaces(first.statement))
      const texts = clauseTexts(first.statement.query)
      expect(clauseTexts(second.statement.query)).toEqual(texts)
      expect(texts.length).toBeGreaterThanOrEqual(joins.length + 1)
    }),
  )
})

test('any cut text is an error of SQL or a statement', () => {
  const words = constantFrom(
    ...'SELECT a FROM t ( ) , ASOF LT JOIN ON SAMPLE BY 1h LATEST PARTITION FILL NULL TIMESTAMP . "x" = AND TOLERANCE ALIGN TO CALENDAR WHERE GROUP'.split(
      ' ',
    ),
  )
  assert(
    property(array(words, { maxLength: 25 }), (list) => {
      const sql = `SELECT a FROM t ${list.join(' ')}`
      try {
        parseStatements(sql)
      } catch (error) {
        expect(error).toHaveProperty('sqlState')
      }
    }),
    { numRuns: 500 },
  )
})
