/** The words of dates and times (PostgreSQL 15, datetktbl of datetime.c). */

export type DateWord =
  | { readonly kind: 'Month'; readonly month: number }
  | { readonly kind: 'WeekDay' }
  | { readonly kind: 'Ignored' }
  | { readonly kind: 'HalfDay'; readonly half: 'am' | 'pm' }
  | { readonly kind: 'Era'; readonly era: 'ad' | 'bc' }
  | { readonly kind: 'DaylightModifier' }
  | { readonly kind: 'IsoTime' }
  /** Announces the number that follows: `j2451187`, `y2024m02d29`. */
  | { readonly kind: 'Unit'; readonly unit: DateUnit }
  | { readonly kind: 'Moment'; readonly moment: Moment }

export type DateUnit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'julian' | 'other'

export type Moment =
  'now' | 'today' | 'tomorrow' | 'yesterday' | 'epoch' | 'infinity' | '-infinity' | 'allballs'

const months = [
  ['jan', 'january'],
  ['feb', 'february'],
  ['mar', 'march'],
  ['apr', 'april'],
  ['may'],
  ['jun', 'june'],
  ['jul', 'july'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
] as const

const weekDays =
  'sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday'

const units: readonly (readonly [string, DateUnit])[] = [
  ['y', 'year'],
  ['m', 'month'],
  ['d', 'day'],
  ['h', 'hour'],
  ['mm', 'minute'],
  ['s', 'second'],
  ['j', 'julian'],
  ['jd', 'julian'],
  ['julian', 'julian'],
  ['dow', 'other'],
  ['doy', 'other'],
  ['isodow', 'other'],
  ['isoyear', 'other'],
]

const moments: readonly Moment[] = [
  'now',
  'today',
  'tomorrow',
  'yesterday',
  'epoch',
  'infinity',
  '-infinity',
  'allballs',
]

/** PostgreSQL compares no more than ten characters of a word. */
const wordLengthMax = 10

const words: ReadonlyMap<string, DateWord> = new Map<string, DateWord>([
  ...months.flatMap((names, index) =>
    names.map((name): [string, DateWord] => [name, { kind: 'Month', month: index + 1 }]),
  ),
  ...weekDays.split(' ').map((name): [string, DateWord] => [name, { kind: 'WeekDay' }]),
  ...units.map(([name, unit]): [string, DateWord] => [name, { kind: 'Unit', unit }]),
  ...moments.map((moment): [string, DateWord] => [
    moment.slice(0, wordLengthMax),
    { kind: 'Moment', moment },
  ]),
  ['at', { kind: 'Ignored' }],
  ['on', { kind: 'Ignored' }],
  ['am', { kind: 'HalfDay', half: 'am' }],
  ['pm', { kind: 'HalfDay', half: 'pm' }],
  ['ad', { kind: 'Era', era: 'ad' }],
  ['bc', { kind: 'Era', era: 'bc' }],
  ['dst', { kind: 'DaylightModifier' }],
  ['t', { kind: 'IsoTime' }],
])

/** The meaning of a lower-case word, if it has one. */
export function dateWord(text: string): DateWord | undefined {
  return words.get(text.slice(0, wordLengthMax))
}
