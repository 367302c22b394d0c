const zero = 48
const minus = 45
const billion = 1_000_000_000

/** Writes a whole number of at most 2^53 in decimal digits, by division and without a string. */
export function writeInteger(out: Buffer, at: number, value: number): number {
  if (value >= 0) return writeUnsigned(out, at, value)
  out[at] = minus
  return writeUnsigned(out, at + 1, -value)
}

export function writeUnsigned(out: Buffer, at: number, value: number): number {
  if (value < billion) return writeSmall(out, at, value)
  const upper = Math.floor(value / billion)
  const next = upper < billion ? writeSmall(out, at, upper) : writeUnsigned(out, at, upper)
  return writePadded(out, next, value - upper * billion, 9)
}

/** Exactly `digits` digits, zeros in front; `value` below 2^31. */
export function writePadded(out: Buffer, at: number, value: number, digits: number): number {
  let rest = value
  for (let index = at + digits - 1; index >= at; index--) {
    const quotient = (rest / 10) | 0
    out[index] = zero + rest - quotient * 10
    rest = quotient
  }
  return at + digits
}

/** Below a billion. */
function writeSmall(out: Buffer, at: number, value: number): number {
  return writePadded(out, at, value, digitsOf(value))
}

function digitsOf(value: number): number {
  if (value < 1000) return value < 10 ? 1 : value < 100 ? 2 : 3
  if (value < 1_000_000) return value < 10_000 ? 4 : value < 100_000 ? 5 : 6
  return value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : 9
}
