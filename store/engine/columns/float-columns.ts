import { float4Text as textOfFloat4, float8Text as textOfFloat8 } from '../../values/float-text.ts'
import type { ColumnEncoder } from './column-writer.ts'
import { writeInteger, writePadded } from './digits.ts'
import { fixed } from './integer-columns.ts'

/** `-2.2250738585072014e-308` has 24 characters. */
const textBytesMax = 25
/** Numbers of so many digits are told apart by their digits. */
const exactMax = 1e15

export const float8Text: ColumnEncoder = (view, range) => {
  const data = new Float64Array(...view.span(8))
  return fixed(view, range, textBytesMax, (row, out, at) => writeFloat8(out, at, data[row] ?? 0))
}

export const float4Text: ColumnEncoder = (view, range) => {
  const data = new Float32Array(...view.span(4))
  return fixed(
    view,
    range,
    textBytesMax,
    (row, out, at) => at + out.write(textOfFloat4(data[row] ?? 0), at, 'latin1'),
  )
}

/** Prices and amounts have two decimals or none: their digits are written without a string. */
function writeFloat8(out: Buffer, at: number, value: number): number {
  const hundredths = Math.round(value * 100)
  const isExact = hundredths / 100 === value && Math.abs(hundredths) < exactMax
  // Zero may be negative.
  if (!isExact || value === 0) return at + out.write(textOfFloat8(value), at, 'latin1')
  return writeHundredths(out, at, hundredths)
}

function writeHundredths(out: Buffer, at: number, hundredths: number): number {
  const size = Math.abs(hundredths)
  const whole = Math.floor(size / 100)
  const fraction = size - whole * 100
  if (hundredths < 0) out[at] = 45
  const point = writeInteger(out, hundredths < 0 ? at + 1 : at, whole)
  if (fraction === 0) return point
  out[point] = 46
  if (fraction % 10 === 0) return writePadded(out, point + 1, fraction / 10, 1)
  return writePadded(out, point + 1, fraction, 2)
}
