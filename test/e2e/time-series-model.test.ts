/** QuestDB's clauses against a model of them, over random rows, through the wire. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Client } from 'pg'
import { asofJoin, latestOn, sampleBy } from '../model/time-series.ts'
import type { Sampling, SeriesRow } from '../model/time-series.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let root: Client

beforeAll(async () => {
  grantd = await startGrantd()
  root = await connect(grantd, admin)
  await root.query(`
    CREATE TABLE a (ts TIMESTAMP, k SYMBOL, v INT) TIMESTAMP(ts);
    CREATE TABLE b (ts TIMESTAMP, k SYMBOL, v INT) TIMESTAMP(ts)`)
})

afterAll(async () => {
  await root.end()
  await grantd.remove()
})

/** Around the night in which Europe's clocks go forward, and America's have just done so. */
const base = Date.UTC(2024, 2, 30, 12)

function rowsWithin(minutes: number): fc.Arbitrary<readonly SeriesRow[]> {
  const row = fc.record({
    ts: fc.integer({ min: 0, max: minutes }).map((at) => base + at * 60_000),
    key: fc.constantFrom('A', 'B', null),
    value: fc.option(fc.integer({ min: -9, max: 9 })),
  })
  return fc.uniqueArray(row, { selector: ({ ts }) => ts, maxLength: 12 })
}

async function fillTable(table: 'a' | 'b', rows: readonly SeriesRow[]): Promise<void> {
  await root.query(`TRUNCATE TABLE ${table}`)
  if (rows.length === 0) return
  const lists = rows.map(({ ts, key, value }) => `('${textOf(ts)}', ${literal(key)}, ${value})`)
  await root.query(`INSERT INTO ${table} VALUES ${lists.join(', ')}`)
}

function textOf(ts: number): string {
  return new Date(ts).toISOString().replace('Z', '')
}

function literal(key: string | null): string {
  return key === null ? 'NULL' : `'${key}'`
}

async function query(sql: string): Promise<readonly string[]> {
  const { rows } = await root.query<unknown[]>({ text: sql, rowMode: 'array' })
  return sorted(rows)
}

function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

/** A timestamp as milliseconds, whatever the driver makes of it. */
function micros(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::int8::text`
}

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', undefined] as const

const calendarSampling = fc.record({
  width: fc.constantFrom(
    { count: 17, unit: 'm' },
    { count: 1, unit: 'h' },
    { count: 5, unit: 'h' },
    { count: 1, unit: 'd' },
    { count: 2, unit: 'd' },
    { count: 1, unit: 'w' },
    { count: 1, unit: 'M' },
    { count: 5, unit: 'M' },
    { count: 1, unit: 'y' },
  ),
  zone: fc.constantFrom(...zones),
  offsetMinutes: fc.constantFrom(undefined, 30, -75, 600),
  fill: fc.constantFrom('NONE', 'NULL', 'PREV', 7),
  isKeyed: fc.boolean(),
  from: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
  to: fc.option(fc.integer({ min: 31, max: 100 }), { nil: undefined }),
})

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function clauseOf({
  count,
  unit,
  zone,
  offsetMinutes,
  fill,
  from,
  to,
  fromFirst,
}: Sampling): string {
  const bounds = [
    from === undefined ? '' : ` FROM '${textOf(from)}'`,
    to === undefined ? '' : ` TO '${textOf(to)}'`,
  ]
  const minutes = Math.abs(offsetMinutes ?? 0)
  const offset =
    offsetMinutes === undefined
      ? ''
      : ` WITH OFFSET '${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}'`
  const calendar = ` ALIGN TO CALENDAR${zone === undefined ? '' : ` TIME ZONE '${zone}'`}${offset}`
  const align = fromFirst === true ? ' ALIGN TO FIRST OBSERVATION' : calendar
  return `SAMPLE BY ${count}${unit}${bounds.join('')} FILL(${fill})${align}`
}

function expectedOf(rows: readonly SeriesRow[], sampling: Sampling): readonly string[] {
  return sorted(
    sampleBy(rows, sampling).map(([bucket, key, count, ...values]) => [
      String(bucket),
      ...(sampling.isKeyed ? [key] : []),
      ...[count, ...values].map((value) =>
        value === null || value === undefined ? null : String(value),
      ),
    ]),
  )
}

async function sampled(sampling: Sampling): Promise<readonly string[]> {
  const keys = sampling.isKeyed ? 'k, ' : ''
  return await query(`
    SELECT ${micros('ts')}, ${keys}n::text, s::text, f::text, l::text FROM (
      SELECT ts, ${keys}count(*) AS n, sum(v) AS s, first(v) AS f, last(v) AS l FROM a ${clauseOf(sampling)}
    ) x`)
}

async function compare(rows: readonly SeriesRow[], sampling: Sampling): Promise<void> {
  await fillTable('a', rows)
  expect(await sampled(sampling)).toEqual(expectedOf(rows, sampling))
}

test('SAMPLE BY with every alignment to the calendar, FILL, FROM and TO', async () => {
  await fc.assert(
    fc.asyncProperty(rowsWithin(4_000), calendarSampling, async (rows, given) => {
      const { width, zone, offsetMinutes, fill, isKeyed, from, to } = given
      const hour = 3_600_000
      await compare(rows, {
        count: width.count,
        unit: unitOf(width.unit),
        fill: fill === 'NONE' || fill === 'NULL' || fill === 'PREV' ? fill : 7,
        isKeyed,
        ...(zone === undefined ? {} : { zone }),
        ...(offsetMinutes === undefined ? {} : { offsetMinutes }),
        ...(from === undefined ? {} : { from: base + from * hour }),
        ...(to === undefined ? {} : { to: base + to * hour }),
      })
    }),
    { numRuns: 60 },
  )
}, 120_000)

function unitOf(unit: string): Sampling['unit'] {
  const found = (['s', 'm', 'h', 'd', 'w', 'M', 'y'] as const).find((one) => one === unit)
  if (found === undefined) throw new Error(unit)
  return found
}

test('SAMPLE BY from the first observation', async () => {
  const widths = fc.constantFrom(
    { count: 50, unit: 'm' },
    { count: 1, unit: 'd' },
    { count: 1, unit: 'M' },
    { count: 2, unit: 'M' },
  )
  const fills = fc.constantFrom<Sampling['fill']>('NONE', 'NULL', 'PREV', 7)
  await fc.assert(
    // Several months: the first row's day is one that some of them have not.
    fc.asyncProperty(
      rowsWithin(400_000),
      widths,
      fills,
      fc.boolean(),
      async (rows, width, fill, isKeyed) => {
        await compare(rows, {
          count: width.count,
          unit: unitOf(width.unit),
          fill: width.unit === 'm' ? 'NONE' : fill,
          isKeyed,
          fromFirst: true,
        })
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)

test('FILL(LINEAR)', async () => {
  const widths = fc.constantFrom({ count: 1, unit: 'h' }, { count: 1, unit: 'd' })
  await fc.assert(
    fc.asyncProperty(rowsWithin(4_000), widths, async (rows, { count, unit }) => {
      await compare(rows, { count, unit: unitOf(unit), fill: 'LINEAR', isKeyed: false })
    }),
    { numRuns: 50 },
  )
}, 120_000)

function shown(rows: readonly SeriesRow[]): readonly string[] {
  return sorted(rows.map(({ ts, key, value }) => [String(ts), key, value]))
}

test('LATEST ON, and WHERE before it and after it', async () => {
  await fc.assert(
    fc.asyncProperty(rowsWithin(100), async (rows) => {
      await fillTable('a', rows)
      const columns = `${micros('ts')}, k, v`
      const clause = 'LATEST ON ts PARTITION BY k'
      expect(await query(`SELECT ${columns} FROM a ${clause}`)).toEqual(shown(latestOn(rows)))
      expect(await query(`SELECT ${columns} FROM a LATEST BY k`)).toEqual(shown(latestOn(rows)))
      const positive = rows.filter(({ value }) => value !== null && value > 0)
      expect(await query(`SELECT ${columns} FROM a WHERE v > 0 ${clause}`)).toEqual(
        shown(latestOn(positive)),
      )
      expect(
        await query(`SELECT ${columns} FROM (SELECT * FROM a ${clause}) x WHERE v > 0`),
      ).toEqual(shown(latestOn(rows).filter(({ value }) => value !== null && value > 0)))
    }),
    { numRuns: 40 },
  )
}, 120_000)

test('ASOF JOIN and LT JOIN, with and without keys and TOLERANCE', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowsWithin(60),
      rowsWithin(60),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(undefined, 1, 10),
      async (left, right, isStrict, isKeyed, minutes) => {
        await fillTable('a', left)
        await fillTable('b', right)
        const how = {
          isStrict,
          isKeyed,
          ...(minutes === undefined ? {} : { tolerance: minutes * 60_000 }),
        }
        const clause = `${isStrict ? 'LT' : 'ASOF'} JOIN b${isKeyed ? ' ON (k)' : ''}${minutes === undefined ? '' : ` TOLERANCE ${minutes}m`}`
        const rows = await query(`
          SELECT ${micros('a.ts')}, a.k, a.v, ${micros('b.ts')}, b.k, b.v FROM a ${clause}`)
        const expected = asofJoin(left, right, how).map(([row, match]) => [
          String(row.ts),
          row.key,
          row.value,
          match === undefined ? null : String(match.ts),
          match?.key ?? null,
          match?.value ?? null,
        ])
        expect(rows).toEqual(sorted(expected))
      },
    ),
    { numRuns: 80 },
  )
}, 120_000)
