import type { MessageReader } from '../messages/message-reader.ts'
import { infiniteNumeric, invalidNumeric } from './value-errors.ts'

/**
 * numeric as decimal text: the number of digits to base 10,000, the weight of the first, a sign, the
 * number of decimals to show, the digits (PostgreSQL 15, numeric.c: `numeric_recv`).
 */
export function decodeNumeric(reader: MessageReader): string {
  const { digitCount, weight, sign, scale } = decodeHead(reader)
  const digits = Array.from({ length: digitCount }, () => decodeDigit(reader))
  if (sign === signs.notANumber) return 'NaN'
  const whole = digitText(digits, { from: 0, to: weight + 1 }).replace(/^0+(?=\d)/, '')
  const decimals = digitText(digits, { from: weight + 1, to: weight + 1 + Math.ceil(scale / 4) })
  // Digits beyond the scale are cut off, as PostgreSQL's trunc_var does.
  const fraction = scale === 0 ? '' : `.${decimals.slice(0, scale)}`
  const magnitude = `${whole === '' ? '0' : whole}${fraction}`
  return sign === signs.negative && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude
}

interface NumericHead {
  readonly digitCount: number
  /** Of the first digit, as a power of 10,000. */
  readonly weight: number
  readonly sign: number
  readonly scale: number
}

function decodeHead(reader: MessageReader): NumericHead {
  const digitCount = reader.int16() & 0xff_ff
  const weight = reader.int16()
  const sign = reader.int16() & 0xff_ff
  const scale = reader.int16() & 0xff_ff
  if (sign === signs.infinity || sign === signs.negativeInfinity) throw infiniteNumeric()
  if (!knownSigns.has(sign)) throw invalidNumeric('sign')
  if (scale > scaleMax) throw invalidNumeric('scale')
  return { digitCount, weight, sign, scale }
}

const signs = {
  positive: 0x00_00,
  negative: 0x40_00,
  notANumber: 0xc0_00,
  infinity: 0xd0_00,
  negativeInfinity: 0xf0_00,
} as const

const knownSigns: ReadonlySet<number> = new Set([signs.positive, signs.negative, signs.notANumber])

/** NUMERIC_DSCALE_MASK. */
const scaleMax = 0x3f_ff

function decodeDigit(reader: MessageReader): number {
  const digit = reader.int16()
  if (digit < 0 || digit >= base) throw invalidNumeric('digit')
  return digit
}

const base = 10_000

/** Digits by position, four decimals each; zeros where none were sent. */
function digitText(digits: readonly number[], range: { from: number; to: number }): string {
  let text = ''
  for (let position = range.from; position < range.to; position++) {
    text += String(digits[position] ?? 0).padStart(4, '0')
  }
  return text
}
