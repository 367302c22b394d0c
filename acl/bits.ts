/** A set of small numbers: one bit each, in words of 32. */
export type Bits = Uint32Array

/** Whether a number is in the set. */
export function hasBit(bits: Bits, number: number): boolean {
  return (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1
}

/** A set that has room for numbers below `count`. */
export function bitsFor(count: number): Bits {
  return new Uint32Array((count + 31) >>> 5)
}

/** Puts a number into a set that was made with room for it. */
export function addBit(bits: Bits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31))
}

/** Whether all of `needed` is in `held`. */
export function includesBits(held: Bits, needed: Bits): boolean {
  return needed.every((bits, word) => ((held[word] ?? 0) & bits) >>> 0 === bits)
}
