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

/** `d.ddde±x`, as JavaScript's shortest digits. */
function shortestDouble(value: number): string {
  return value.toExponential()
}

const smallestNormalSingle = 1.175494e-38

/** Six digits survive a normal float4 (FLT_DIG), so shorter ones show as trailing zeros; the tiny ones have fewer. */
function shortestSingle(value: number): string {
  const digitsMin = Math.abs(value) < smallestNormalSingle ? 0 : 5
  for (let digits = digitsMin; digits < 8; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return text
  }
  return value.toExponential(8)
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
