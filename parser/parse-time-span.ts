import type { TimeSpan, TimeUnit } from './query-clauses.ts'
import { malformed } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/** Microseconds of each unit; of the calendar's as many as it may have. */
const units = {
  U: 1,
  T: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
  d: 8.64e10,
  w: 6.048e11,
  M: 2.6784e12,
  y: 3.16224e13,
} as const satisfies Record<TimeUnit, number>

/** An interval holds its microseconds in 64 bits. */
const microsMax = 9e18

function isUnit(text: string): text is TimeUnit {
  return Object.hasOwn(units, text)
}

/** QuestDB holds the number of a period in 32 bits. */
const countMax = 2_147_483_647

/** period = [ integer ] unit ; without a blank between. `n` is known, but a timestamp has microseconds. */
export function parseTimeSpan(reader: TokenReader): TimeSpan {
  const token = reader.peek()
  const { start, end } = token
  const written = token.kind === 'NumberUnit' || token.kind === 'Word' ? token.text : ''
  const [, digits = '', unit = ''] = /^(\d{0,10})([A-Za-z])$/.exec(written) ?? []
  if (unit === 'n') throw reader.notSupported('a period in nanoseconds', start)
  const count = digits === '' ? 1 : Number(digits)
  if (!isUnit(unit) || count < 1 || count > countMax) throw reader.unexpected()
  if (count * units[unit] > microsMax) throw malformed('period is too long', start)
  reader.skip(1)
  return { count, unit, span: { start, end } }
}
