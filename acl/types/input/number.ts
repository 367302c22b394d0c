/** Numbers as PostgreSQL 15 reads them: numutils.c, float.c, numeric.c, oid.c. */
import type { ScalarType } from '../../../store/sql-type.ts'
import {
  floatOutOfRange,
  invalidInput,
  numericFieldOverflow,
  numericTooLarge,
  unsupportedForm,
  valueOutOfRange,
} from '../errors.ts'

/** What C's isspace takes in the C locale. */
export const whiteSpace = ' \\t\\n\\v\\f\\r'

const integerPattern = new RegExp(`^[${whiteSpace}]*([+-]?)(\\d+)(.*)$`, 's')
const trailingSpace = new RegExp(`^[${whiteSpace}]*$`)

const integerRanges = {
  int2: { text: 'smallint', min: -(2n ** 15n), max: 2n ** 15n - 1n },
  int4: { text: 'integer', min: -(2n ** 31n), max: 2n ** 31n - 1n },
  int8: { text: 'bigint', min: -(2n ** 63n), max: 2n ** 63n - 1n },
} as const

/** Digits after which a number is out of range of every integer type; keeps BigInt's work bounded. */
const integerDigitsMax = 40

/** Reads an int2, int4 or int8. */
export function parseInteger(text: string, name: keyof typeof integerRanges): bigint {
  const range = integerRanges[name]
  const [, sign, digits, rest] = integerPattern.exec(text) ?? []
  if (digits === undefined) throw invalidInput(range.text, text)
  const significant = digits.replace(/^0+(?=\d)/, '')
  if (significant.length > integerDigitsMax) throw valueOutOfRange(range.text, text)
  const value = BigInt(`${sign === '-' ? '-' : ''}${significant}`)
  if (value < range.min || value > range.max) throw valueOutOfRange(range.text, text)
  if (!trailingSpace.test(rest ?? '')) throw invalidInput(range.text, text)
  return value
}

/** Reads an oid: unsigned, negative numbers wrap around as in PostgreSQL. */
export function parseOid(text: string): number {
  const [, sign, digits, rest] = integerPattern.exec(text) ?? []
  if (digits === undefined || !trailingSpace.test(rest ?? '')) throw invalidInput('oid', text)
  const value = Number(digits)
  const max = sign === '-' ? 2 ** 31 : 2 ** 32 - 1
  if (value > max) throw valueOutOfRange('oid', text)
  return sign === '-' && value > 0 ? 2 ** 32 - value : value
}

const floatTexts = { float4: 'real', float8: 'double precision' } as const
const floatPattern = new RegExp(
  `^[${whiteSpace}]*([+-]?)(?:(\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?)|(infinity|inf)|(nan))[${whiteSpace}]*$`,
  'i',
)

/** Reads a float4 or float8. */
export function parseFloating(text: string, name: keyof typeof floatTexts): number {
  const [, sign, number, infinity, nan] = floatPattern.exec(text) ?? []
  const direction = sign === '-' ? -1 : 1
  if (nan !== undefined) return Number.NaN
  if (infinity !== undefined) return direction * Infinity
  if (number === undefined) throw invalidInput(floatTexts[name], text)
  const wide = Number(number)
  const value = name === 'float4' ? Math.fround(wide) : wide
  const isZeroWritten = !/[1-9]/.test(number.replace(/e.*$/i, ''))
  if (value === Infinity || (value === 0 && !isZeroWritten)) {
    throw floatOutOfRange(floatTexts[name], `${sign ?? ''}${number}`)
  }
  return direction * value
}

const numericPattern = new RegExp(
  `^[${whiteSpace}]*([+-]?)(?:(\\d*)(?:\\.(\\d*))?(?:e([+-]?\\d+))?|(infinity|inf)|(nan))[${whiteSpace}]*$`,
  'i',
)

/** Digits on either side of the point that the store's DECIMAL can hold. */
const numericDigitsMax = 38

/** Largest exponent that is written out; what is beyond it is out of any range. */
const exponentMax = 1000

/** Reads a numeric, rounded to the type's scale half away from zero; the result has no exponent. */
export function parseNumeric(text: string, type: ScalarType): string {
  const [, sign, whole, fraction, exponent, infinity, nan] = numericPattern.exec(text) ?? []
  if (nan !== undefined && sign === '') return 'NaN'
  if (infinity !== undefined) throw unsupportedForm('numeric', 'the value Infinity')
  const digits = `${whole ?? ''}${fraction ?? ''}`
  if (digits === '' || nan !== undefined) throw invalidInput('numeric', text)
  const shift = Number(exponent ?? 0)
  if (Math.abs(shift) > exponentMax) {
    if (shift > 0 && /[1-9]/.test(digits)) throw valueOutOfRange('numeric', text)
    return applyScale('0', type)
  }
  const plain = shifted(digits, (whole ?? '').length + shift)
  return applyScale(sign === '-' ? negated(plain) : plain, type)
}

/** The digits with the point after `pointAt` of them. */
function shifted(digits: string, pointAt: number): string {
  const left = pointAt <= 0 ? '0' : digits.slice(0, pointAt).padEnd(pointAt, '0')
  const right =
    pointAt >= digits.length
      ? ''
      : digits.slice(Math.max(0, pointAt)).padStart(digits.length - pointAt, '0')
  const whole = left.replace(/^0+(?=\d)/, '')
  return right === '' ? whole : `${whole}.${right}`
}

function negated(plain: string): string {
  return /[1-9]/.test(plain) ? `-${plain}` : plain
}

/** Rounds to the declared scale and checks the declared precision. */
export function applyScale(plain: string, { precision, scale = 0 }: ScalarType): string {
  const isNegative = plain.startsWith('-')
  const [whole = '0', fraction = ''] = plain.replace('-', '').split('.')
  if (precision === undefined) {
    if (whole.length > numericDigitsMax) throw numericTooLarge()
    return plain
  }
  const rounded = roundDigits(`${whole}${fraction}`, fraction.length, scale)
  const significant = rounded.replace(/^0+/, '')
  if (significant.length > precision) throw numericFieldOverflow(precision, scale)
  const padded = rounded.padStart(scale + 1, '0')
  const left = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '')
  const result = scale === 0 ? left : `${left}.${padded.slice(padded.length - scale)}`
  return isNegative ? negated(result) : result
}

/** The digits of a number with `from` decimals as one with `to` decimals. */
function roundDigits(digits: string, from: number, to: number): string {
  if (from <= to) return digits.padEnd(digits.length + to - from, '0')
  const kept = digits.slice(0, digits.length - (from - to)) || '0'
  const next = digits.charAt(digits.length - (from - to))
  return next >= '5' ? String(BigInt(kept) + 1n).padStart(kept.length, '0') : kept
}
