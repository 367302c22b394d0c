/**
 * SAMPLE BY, LATEST ON, ASOF JOIN and LT JOIN in the slowest and most obvious way, from QuestDB's
 * documentation. Times are milliseconds since 1970 in UTC. Shares no code with acl/.
 */

export interface SeriesRow {
  readonly ts: number
  readonly key: string | null
  readonly value: number | null
}

export type Fill = 'NONE' | 'NULL' | 'PREV' | 'LINEAR' | number

export interface Sampling {
  readonly count: number
  readonly unit: 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y'
  readonly zone?: string
  readonly offsetMinutes?: number
  readonly fill: Fill
  readonly isKeyed: boolean
  /** Local times. */
  readonly from?: number
  readonly to?: number
  readonly fromFirst?: boolean
}

/** Bucket, key, count, sum, first, last. */
export type Sample = readonly [
  bucket: number,
  key: string | null,
  ...values: readonly (number | null)[],
]

const minute = 60_000
const day = 86_400_000

const lengths = { s: 1_000, m: minute, h: 3_600_000, d: day, w: 7 * day } as const

/** How far a zone's clock is ahead of UTC. */
function zoneOffset(zone: string, at: number): number {
  const text = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(text ?? '') ?? []
  if (hours === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute
}

function localToUtc(local: number, zone: string | undefined): number {
  if (zone === undefined) return local
  const guess = local - zoneOffset(zone, local)
  return local - zoneOffset(zone, guess)
}

function addMonths(at: number, months: number): number {
  const date = new Date(at)
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
  const last = new Date(
    Date.UTC(new Date(first).getUTCFullYear(), new Date(first).getUTCMonth() + 1, 0),
  ).getUTCDate()
  return first + (Math.min(date.getUTCDate(), last) - 1) * day + (((at % day) + day) % day)
}

/** Bucket number `n` (which may be below zero), as the time at which it begins. */
function calendar(sampling: Sampling, origin: number | undefined): (n: number) => number {
  const { count, unit, zone, offsetMinutes = 0 } = sampling
  const offset = offsetMinutes * minute
  if (unit === 'M' || unit === 'y') {
    const months = unit === 'y' ? 12 * count : count
    return (n) => localToUtc(addMonths(origin ?? 0, n * months) + offset, zone)
  }
  const width = lengths[unit] * count
  if (unit === 'd' || unit === 'w') {
    const start = origin ?? (unit === 'w' ? -3 * day : 0)
    return (n) => localToUtc(start + n * width + offset, zone)
  }
  // Shorter buckets are of one length in UTC, from where the zone's standard time has its midnight.
  if (origin !== undefined) return (n) => localToUtc(origin, zone) + n * width + offset
  const standard = zone === undefined ? 0 : zoneOffset(zone, Date.UTC(2025, 0, 1))
  return (n) => n * width + offset - standard
}

export function sampleBy(rows: readonly SeriesRow[], sampling: Sampling): readonly Sample[] {
  const { zone, from, to, fill, isKeyed } = sampling
  const kept = rows
    .filter(({ ts }) => from === undefined || ts >= localToUtc(from, zone))
    .filter(({ ts }) => to === undefined || ts < localToUtc(to, zone))
    .toSorted((a, b) => a.ts - b.ts)
  const first = kept[0]
  const origin = sampling.fromFirst === true ? first?.ts : from
  const startOf = calendar(sampling, origin)
  const numberOf = (at: number): number => {
    let n = Math.round((at - startOf(0)) / (startOf(1) - startOf(0)))
    while (startOf(n) > at) n -= 1
    while (startOf(n + 1) <= at) n += 1
    return n
  }
  const keys = [...new Set(kept.map(({ key }) => (isKeyed ? key : null)))]
  if (!isKeyed && from !== undefined && to !== undefined && keys.length === 0) keys.push(null)
  const numbers = kept.map(({ ts }) => numberOf(ts))
  const least = from === undefined ? Math.min(...numbers) : numberOf(localToUtc(from, zone))
  const most = to === undefined ? Math.max(...numbers) : numberOf(localToUtc(to, zone) - 0.001)
  return keys.flatMap((key) => {
    const own = kept.filter((row) => !isKeyed || row.key === key)
    const there = new Map<number, readonly (number | null)[]>()
    for (const n of new Set(own.map(({ ts }) => numberOf(ts)))) {
      there.set(n, aggregates(own.filter(({ ts }) => numberOf(ts) === n)))
    }
    const result: Sample[] = []
    for (let n = least; n <= most; n += 1) {
      const values = there.get(n) ?? filled(n, { there, fill, startOf })
      if (values !== undefined) result.push([startOf(n), key, ...values])
    }
    return result
  })
}

function aggregates(rows: readonly SeriesRow[]): readonly (number | null)[] {
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]))
  const sum = values.length === 0 ? null : values.reduce((a, b) => a + b, 0)
  return [rows.length, sum, rows[0]?.value ?? null, rows.at(-1)?.value ?? null]
}

function filled(
  n: number,
  given: {
    readonly there: ReadonlyMap<number, readonly (number | null)[]>
    readonly fill: Fill
    readonly startOf: (n: number) => number
  },
): readonly (number | null)[] | undefined {
  const { there, fill, startOf } = given
  const nulls = [null, null, null, null]
  if (fill === 'NONE') return undefined
  if (fill === 'NULL') return nulls
  if (typeof fill === 'number') return nulls.map(() => fill)
  const before = [...there.keys()].filter((one) => one < n)
  const previous = before.length === 0 ? undefined : Math.max(...before)
  const from = previous === undefined ? undefined : there.get(previous)
  if (from === undefined || previous === undefined) return nulls
  if (fill === 'PREV') return from
  const after = [...there.keys()].filter((one) => one > n)
  const to = there.get(Math.min(...after))
  if (to === undefined) return nulls
  const share = (startOf(n) - startOf(previous)) / (startOf(Math.min(...after)) - startOf(previous))
  return from.map((value, index) => {
    const next = to[index]
    if (value === null || next === null || next === undefined) return null
    const between = value + (next - value) * share
    // count(*) and sum of integers are integers.
    return Math.trunc(Number(between.toFixed(9)))
  })
}

/** The row with the greatest timestamp for each key. */
export function latestOn(rows: readonly SeriesRow[]): readonly SeriesRow[] {
  return rows.filter((row) => !rows.some((other) => other.key === row.key && other.ts > row.ts))
}

/** Each row of the left with the latest of the right that is not after it, or not even at its time. */
export function asofJoin(
  left: readonly SeriesRow[],
  right: readonly SeriesRow[],
  how: { readonly isStrict: boolean; readonly isKeyed: boolean; readonly tolerance?: number },
): readonly (readonly [SeriesRow, SeriesRow | undefined])[] {
  return left.map((row) => {
    const [match] = right
      .filter(({ ts }) => (how.isStrict ? ts < row.ts : ts <= row.ts))
      .filter(({ key }) => !how.isKeyed || (key !== null && key === row.key))
      .filter(({ ts }) => how.tolerance === undefined || row.ts - ts <= how.tolerance)
      .toSorted((a, b) => b.ts - a.ts)
    return [row, match]
  })
}
