import type { IntervalValue } from '../sql-type.ts'
import { fractionText, two } from './date-text.ts'

/** PostgreSQL's `intervalstyle = postgres` (datetime.c, EncodeInterval). */
export function intervalText(value: IntervalValue): string {
  const parts = [
    { count: Math.trunc(value.months / 12), unit: 'year' },
    { count: value.months % 12, unit: 'mon' },
    { count: value.days, unit: 'day' },
  ].filter((part) => part.count !== 0)
  const dateParts = parts.map((part, index) => {
    const sign = part.count > 0 && isNegative(parts[index - 1]) ? '+' : ''
    return `${sign}${part.count} ${part.unit}${part.count === 1 ? '' : 's'}`
  })
  if (value.micros === 0n && parts.length > 0) return dateParts.join(' ')
  return [...dateParts, clockText(value.micros, isNegative(parts.at(-1)))].join(' ')
}

function isNegative(part: { readonly count: number } | undefined): boolean {
  return part !== undefined && part.count < 0
}

function clockText(micros: bigint, afterNegative: boolean): string {
  const size = micros < 0n ? -micros : micros
  const seconds = size / 1_000_000n
  const sign = micros < 0n ? '-' : afterNegative ? '+' : ''
  const hours = String(seconds / 3600n).padStart(2, '0')
  const minutes = two(Number((seconds / 60n) % 60n))
  const fraction = fractionText(Number(size % 1_000_000n))
  return `${sign}${hours}:${minutes}:${two(Number(seconds % 60n))}${fraction}`
}
