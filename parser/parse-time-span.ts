import type { TimeSpan, TimeUnit } from './query-clauses.ts'
import type { TokenReader } from './token-reader.ts'

const units = {
  U: true,
  T: true,
  s: true,
  m: true,
  h: true,
  d: true,
  w: true,
  M: true,
  y: true,
} as const satisfies Record<TimeUnit, true>

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
  reader.skip(1)
  return { count, unit, span: { start, end } }
}
