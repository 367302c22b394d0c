import type { VectorView } from '../vector-view.ts'
import type { ColumnEncoder, ColumnWriter, RowRange } from './column-writer.ts'
import { writeInteger, writeUnsigned } from './digits.ts'

/** Values whose upper word lies within ±2^20 are exact as a double. */
const exactUpperMax = 1 << 20

export const boolText: ColumnEncoder = (view, range) => {
  const data = view.raw(1)
  return fixed(view, range, 1, (row, out, at) => {
    out[at] = data[row] === 0 ? 102 : 116
    return at + 1
  })
}

export const boolBinary: ColumnEncoder = (view, range) => {
  const data = view.raw(1)
  return fixed(view, range, 1, (row, out, at) => {
    out[at] = data[row] === 0 ? 0 : 1
    return at + 1
  })
}

export const int2Text: ColumnEncoder = (view, range) => {
  const data = new Int16Array(...view.span(2))
  return fixed(view, range, 6, (row, out, at) => writeInteger(out, at, data[row] ?? 0))
}

export const int4Text: ColumnEncoder = (view, range) => {
  const data = new Int32Array(...view.span(4))
  return fixed(view, range, 11, (row, out, at) => writeInteger(out, at, data[row] ?? 0))
}

export const oidText: ColumnEncoder = (view, range) => {
  const data = view.words(1)
  return fixed(view, range, 10, (row, out, at) => writeUnsigned(out, at, data[row] ?? 0))
}

export const int8Text: ColumnEncoder = (view, range) => {
  const words = view.words(2)
  return fixed(view, range, 20, (row, out, at) => {
    const lower = words[row * 2] ?? 0
    const upper = (words[row * 2 + 1] ?? 0) | 0
    if (upper >= -exactUpperMax && upper < exactUpperMax) {
      return writeInteger(out, at, upper * 0x1_0000_0000 + lower)
    }
    return at + out.write(bigOf(upper, lower).toString(), at, 'latin1')
  })
}

export const int2Binary: ColumnEncoder = (view, range) => swapped(view, range, 2)
/** int4, oid, float4. */
export const word4Binary: ColumnEncoder = (view, range) => swapped(view, range, 4)
/** int8, float8, time. */
export const word8Binary: ColumnEncoder = (view, range) => swapped(view, range, 8)

/** The engine's little-endian words in network order. */
function swapped(view: VectorView, range: RowRange, bytes: number): ColumnWriter {
  const data = view.raw(bytes)
  return fixed(view, range, bytes, (row, out, at) => {
    const start = row * bytes + bytes - 1
    for (let index = 0; index < bytes; index++) out[at + index] = data[start - index] ?? 0
    return at + bytes
  })
}

export function bigOf(upper: number, lower: number): bigint {
  return (BigInt(upper) << 32n) | BigInt(lower)
}

/** A writer whose values take at most `bytesEach`. */
export function fixed(
  view: VectorView,
  range: RowRange,
  bytesEach: number,
  write: ColumnWriter['write'],
): ColumnWriter {
  return { validity: view.validity, bytesMax: bytesEach * (range.to - range.from), write }
}
