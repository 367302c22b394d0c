import { nullCharacter } from '../../values/check-text.ts'
import { bufferOver, longBytes, stringRecordBytes } from '../vector-view.ts'
import type { VectorView } from '../vector-view.ts'
import type { ColumnEncoder, ColumnWriter, RowRange } from './column-writer.ts'

const inlineBytesMax = 12
const wordsPerRecord = stringRecordBytes / 4

/** text, varchar, name, json in either format: the bytes, which may not hold U+0000. */
export const stringBytes: ColumnEncoder = (view, range) => bytesColumn(view, range, true)

/** bytea in binary. */
export const blobBinary: ColumnEncoder = (view, range) => bytesColumn(view, range, false)

function bytesColumn(view: VectorView, range: RowRange, isText: boolean): ColumnWriter {
  const records = bufferOver(view.raw(stringRecordBytes))
  const words = view.words(wordsPerRecord)
  const write = (row: number, out: Buffer, at: number): number => {
    const length = words[row * wordsPerRecord] ?? 0
    const start = row * stringRecordBytes
    if (length > inlineBytesMax) return writeLong(records, start, length, out, at, isText)
    for (let index = 0; index < length; index++) {
      const byte = records[start + 4 + index] ?? 0
      if (byte === 0 && isText) throw nullCharacter()
      out[at + index] = byte
    }
    return at + length
  }
  return { validity: view.validity, bytesMax: totalLength(view, words, range), write }
}

function writeLong(
  records: Buffer,
  start: number,
  length: number,
  out: Buffer,
  at: number,
  isText: boolean,
): number {
  const bytes = longBytes(records, start, length)
  if (isText && bytes.includes(0)) throw nullCharacter()
  out.set(bytes, at)
  return at + length
}

/** Records of NULLs hold anything. */
function totalLength(view: VectorView, words: Uint32Array, range: RowRange): number {
  let total = 0
  for (let row = range.from; row < range.to; row++) {
    if (!view.isNull(row)) total += words[row * wordsPerRecord] ?? 0
  }
  return total
}
