/** PostgreSQL's limits of plain notation: `%g` of FLT_DIG and DBL_DIG digits (d2s.c, f2s.c). */
const plainDigits = { float4: 6, float8: 15 } as const

/** A double as PostgreSQL prints it: the shortest digits that read back as the same value. */
export function float8Text(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return integerText(value)
  if (!Number.isFinite(value)) return String(value)
  return postgresNotation(shortestDouble(value), plainDigits.float8)
}

/** A single-precision float as PostgreSQL prints it. */
export function float4Text(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return integerText(value)
  if (!Number.isFinite(value)) return String(value)
  return postgresNotation(shortestSingle(value), plainDigits.float4)
}

function integerText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * JavaScript takes the shortest digits that round to the value; PostgreSQL (ryu, d2s.c) wants them
 * nearer to it than to its neighbour: `1e23` is the middle of two doubles, so it prints 9.999999999999999e+22.
 */
function shortestDouble(value: number): string {
  const text = value.toExponential()
  if (!isMiddle(text, value, doubleBits)) return text
  for (let digits = digitsOf(text); digits <= 16; digits++) {
    const longer = value.toExponential(digits)
    if (Number(longer) === value && !isMiddle(longer, value, doubleBits)) return longer
  }
  return value.toExponential(16)
}

const doubleBits = 53
const singleBits = 24
const smallestNormalSingle = 1.175494e-38

/** Six digits survive a normal float4 (FLT_DIG), so shorter ones show as trailing zeros; the tiny ones have fewer. */
function shortestSingle(value: number): string {
  const digitsMin = Math.abs(value) < smallestNormalSingle ? 0 : 5
  for (let digits = digitsMin; digits < 8; digits++) {
    const text = halfToEven(value, digits)
    if (Math.fround(Number(text)) === value && !isMiddle(text, value, singleBits)) return text
  }
  return value.toExponential(8)
}

/** `toExponential` rounds a half up, PostgreSQL to the even digit: 1.00390625 is 1.0039062 as a float4. */
function halfToEven(value: number, digits: number): string {
  const up = value.toExponential(digits)
  const exact = value.toExponential(digits + 1)
  const [mantissa = '', exponent] = exact.split('e')
  const isHalf = mantissa.endsWith('5') && Number(exact) === value
  const lastKept = mantissa.at(-2) ?? ''
  return isHalf && '02468'.includes(lastKept) ? `${mantissa.slice(0, -1)}e${exponent}` : up
}

/**
 * Whether decimal digits lie exactly between two neighbours of `bits` bits. Only whole numbers above
 * 2^bits can: below, the middle has more digits than are ever needed.
 */
function isMiddle(text: string, value: number, bits: number): boolean {
  const size = Math.abs(value)
  if (size < 2 ** bits || size > middleMax) return false
  const exact = BigInt(size)
  const difference = wholeOf(text) - exact
  if (difference === 0n) return false
  const unit = 1n << BigInt(exact.toString(2).length - bits)
  // Below a power of two the neighbours are half as far.
  const isPowerOfTwo = (exact & (exact - 1n)) === 0n
  const step = difference < 0n && isPowerOfTwo ? unit / 2n : unit
  return (difference < 0n ? -difference : difference) * 2n === step
}

/** 2^54 times the largest power of ten whose odd part has so many bits, and some. */
const middleMax = 1e41

/** The digits of `d.ddde+x`, which is whole, without its sign. */
function wholeOf(text: string): bigint {
  const [digits = '', exponent = '0'] = text.replace('-', '').split('e+')
  const [whole = '', fraction = ''] = digits.split('.')
  const zeros = Number(exponent) - fraction.length
  if (zeros >= 0) return BigInt(whole + fraction) * 10n ** BigInt(zeros)
  return BigInt(whole + fraction) / 10n ** BigInt(-zeros)
}

/** Digits behind the first. */
function digitsOf(text: string): number {
  return text.replace('-', '').split('e')[0]?.replace('.', '').length ?? 1
}

function postgresNotation(exponential: string, digitsMax: number): string {
  const split = exponential.indexOf('e')
  const exponent = Number(exponential.slice(split + 1))
  const negative = exponential.startsWith('-')
  const digits = trimZeros(exponential.slice(negative ? 1 : 0, split).replace('.', ''))
  const sign = negative ? '-' : ''
  if (exponent < -4 || exponent >= digitsMax) return sign + scientific(digits, exponent)
  return sign + plain(digits, exponent)
}

function trimZeros(digits: string): string {
  let end = digits.length
  while (end > 1 && digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0')
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}
