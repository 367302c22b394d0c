import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

const secondsOf = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
])

const secondsMin = 60
const secondsMax = 3650 * 86_400

/** Seconds of a REST token's TTL: `60s`, `90m`, `12h`, `30d` (questdb-rbac.md, S11). @throws SqlError 22023 */
export function parseTimeToLive(text: string, offset?: number): number {
  const [, digits, unit] = /^(\d{1,12})([smhd])$/.exec(text) ?? []
  const seconds = Number(digits) * (secondsOf.get(unit ?? '') ?? Number.NaN)
  if (seconds >= secondsMin && seconds <= secondsMax) return seconds
  throw invalidTimeToLive(text, offset)
}

function invalidTimeToLive(text: string, offset: number | undefined): SqlError {
  return new SqlError(
    SqlState.InvalidParameterValue,
    `invalid TTL, expected an integer and one of s, m, h, d, between 1m and 3650d [ttl=${text}]`,
    offset === undefined ? {} : { offset },
  )
}
