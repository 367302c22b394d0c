/** The units of intervals (PostgreSQL 15, deltatktbl of datetime.c). */

export type IntervalUnit =
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'year'
  | 'decade'
  | 'century'
  | 'millennium'

/** PostgreSQL compares no more than ten characters of a word. */
const wordLengthMax = 10

const names: Readonly<Record<IntervalUnit, string>> = {
  microsecond: 'us usec usecs usecond useconds microsecon',
  millisecond: 'ms msec msecs msecond mseconds millisecon',
  second: 's sec secs second seconds',
  minute: 'm min mins minute minutes',
  hour: 'h hr hrs hour hours',
  day: 'd day days',
  week: 'w week weeks',
  month: 'mon mons month months',
  year: 'y yr yrs year years',
  decade: 'dec decs decade decades',
  century: 'c cent century centuries',
  millennium: 'mil mils millennia millennium',
}

function namedUnits(): readonly (readonly [string, IntervalUnit])[] {
  return unitList.flatMap((unit) =>
    names[unit].split(' ').map((name): readonly [string, IntervalUnit] => [name, unit]),
  )
}

const unitList: readonly IntervalUnit[] = [
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
  'decade',
  'century',
  'millennium',
]

const units: ReadonlyMap<string, IntervalUnit> = new Map(namedUnits())

/** The unit of a lower-case word; `@` and the like never come here, they are punctuation. */
export function intervalUnit(text: string): IntervalUnit | 'ago' | 'ignored' | undefined {
  return text === 'ago' ? 'ago' : units.get(text.slice(0, wordLengthMax))
}
