/** FORMAT of COPY: patterns as QuestDB writes them, `yyyy-MM-ddTHH:mm:ss.SSSUUUZ`. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Literal } from '../../parser/statement.ts'

/** Microseconds since 1970 of a text, or nothing where it does not follow the pattern. */
export type ReadTimestamp = (text: string) => bigint | undefined

const fields: ReadonlyMap<string, string> = new Map([
  ['yyyy', String.raw`(?<year>\d{4})`],
  ['MM', String.raw`(?<month>\d{2})`],
  ['dd', String.raw`(?<day>\d{2})`],
  ['HH', String.raw`(?<hour>\d{2})`],
  ['mm', String.raw`(?<minute>\d{2})`],
  ['ss', String.raw`(?<second>\d{2})`],
  ['SSS', String.raw`(?<milli>\d{3})`],
  ['UUU', String.raw`(?<micro>\d{3})`],
  ['Z', String.raw`(?<zone>Z|[+-]\d{2}:?\d{2})`],
])

const partsOfPattern = /yyyy|MM|dd|HH|mm|ss|SSS|UUU|Z|T|'[^']*'|[^A-Za-z']/gy

/** @throws SqlError 0A000 for letters that are none of these, 22023 for a field that is there twice */
export function timestampReader({ value, span }: Literal): ReadTimestamp {
  const seen = new Set<string>()
  let pattern = ''
  let end = 0
  for (const [part] of value.matchAll(partsOfPattern)) {
    end += part.length
    const field = fields.get(part)
    if (field !== undefined && seen.has(part)) throw repeatedField(part, span.start)
    seen.add(part)
    pattern += field ?? escaped(part.startsWith("'") ? part.slice(1, -1) : part)
  }
  if (end < value.length || !seen.has('yyyy')) throw unknownPattern(span.start)
  const expression = new RegExp(`^${pattern}$`)
  return (text) => {
    const groups = expression.exec(text)?.groups
    return groups === undefined ? undefined : microsOf(groups)
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, String.raw`\$&`)
}

function microsOf(groups: Readonly<Record<string, string | undefined>>): bigint | undefined {
  const field = (name: string, otherwise: number): number => Number(groups[name] ?? otherwise)
  const year = field('year', 1970)
  const [month, day] = [field('month', 1), field('day', 1)]
  const [hour, minute, second] = [field('hour', 0), field('minute', 0), field('second', 0)]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  // The 31st of April is the 1st of May to Date.
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!isDay || hour > 23 || minute > 59 || second > 59 || year === 0) return undefined
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - zoneSeconds(groups)
  return BigInt(seconds) * 1_000_000n + BigInt(field('milli', 0) * 1000 + field('micro', 0))
}

function zoneSeconds({ zone }: Readonly<Record<string, string | undefined>>): number {
  if (zone === undefined || zone === 'Z') return 0
  const digits = zone.replaceAll(/\D/g, '')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60
  return zone.startsWith('-') ? -seconds : seconds
}

function unknownPattern(offset: number): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'this timestamp format is not supported', {
    offset,
    hint: "It is made of yyyy, MM, dd, HH, mm, ss, SSS, UUU, Z, T, signs, and texts in ''.",
  })
}

function repeatedField(part: string, offset: number): SqlError {
  return new SqlError(
    SqlState.InvalidParameterValue,
    `the timestamp format has ${part} more than once`,
    { offset },
  )
}
