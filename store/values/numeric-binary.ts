const signPositive = 0x0000
const signNegative = 0x4000
const signNaN = 0xc000

/**
 * PostgreSQL's binary numeric: int16 each of digit count, weight, sign and display scale, then digits
 * to the base of 10,000 (numeric.c, numeric_send). `text` is decimal without exponent, or `NaN`.
 */
export function numericBinary(text: string): Buffer {
  if (text === 'NaN') return header(0, 0, signNaN, 0)
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = (negative ? text.slice(1) : text).split('.')
  const groups = [...wholeGroups(whole), ...fractionGroups(fraction)]
  const firstWeight = Math.ceil(whole.length / 4) - 1
  const start = groups.findIndex((group) => group !== 0)
  if (start === -1) return header(0, 0, signPositive, fraction.length)
  const end = groups.findLastIndex((group) => group !== 0) + 1
  const digits = groups.slice(start, end)
  const sign = negative ? signNegative : signPositive
  const head = header(digits.length, firstWeight - start, sign, fraction.length)
  const body = Buffer.allocUnsafe(digits.length * 2)
  digits.forEach((digit, index) => body.writeInt16BE(digit, index * 2))
  return Buffer.concat([head, body])
}

function header(count: number, weight: number, sign: number, scale: number): Buffer {
  const buffer = Buffer.allocUnsafe(8)
  buffer.writeInt16BE(count, 0)
  buffer.writeInt16BE(weight, 2)
  buffer.writeUInt16BE(sign, 4)
  buffer.writeInt16BE(scale, 6)
  return buffer
}

function wholeGroups(digits: string): readonly number[] {
  return groupsOf(digits.padStart(Math.ceil(digits.length / 4) * 4, '0'))
}

function fractionGroups(digits: string): readonly number[] {
  return groupsOf(digits.padEnd(Math.ceil(digits.length / 4) * 4, '0'))
}

function groupsOf(digits: string): readonly number[] {
  return Array.from({ length: digits.length / 4 }, (_, index) =>
    Number(digits.slice(index * 4, index * 4 + 4)),
  )
}
