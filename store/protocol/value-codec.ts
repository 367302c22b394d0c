import { invariant } from '../../errors/invariant.ts'
import type { SqlValue } from '../sql-type.ts'
import type { FrameReader, FrameWriter } from './frame.ts'

const tags = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  bigint: 4,
  string: 5,
  bytes: 6,
  interval: 7,
  list: 8,
} as const

/** Writes a value with a tag before it, so that no type is needed to read it. */
export function writeValue(writer: FrameWriter, value: SqlValue): void {
  if (value === null) writer.uint8(tags.null)
  else if (typeof value === 'boolean') writer.uint8(value ? tags.true : tags.false)
  else if (typeof value === 'number') writer.uint8(tags.number).float64(value)
  else if (typeof value === 'bigint') writer.uint8(tags.bigint).int64(value)
  else if (typeof value === 'string') writer.uint8(tags.string).text(value)
  else if (ArrayBuffer.isView(value)) writer.uint8(tags.bytes).bytes(value)
  else if ('kind' in value) {
    writer.uint8(tags.interval).int32(value.months).int32(value.days).int64(value.micros)
  } else writeValues(writer.uint8(tags.list), value)
}

export function writeValues(writer: FrameWriter, values: readonly SqlValue[]): void {
  writer.uint32(values.length)
  for (const value of values) writeValue(writer, value)
}

export function readValue(reader: FrameReader): SqlValue {
  const tag = reader.uint8()
  switch (tag) {
    case tags.null:
      return null
    case tags.false:
      return false
    case tags.true:
      return true
    case tags.number:
      return reader.float64()
    case tags.bigint:
      return reader.int64()
    case tags.string:
      return reader.text()
    case tags.bytes:
      return Uint8Array.from(reader.bytes())
    case tags.interval:
      return {
        kind: 'Interval',
        months: reader.int32(),
        days: reader.int32(),
        micros: reader.int64(),
      }
    default:
      invariant(tag === tags.list, 'a value has a known tag')
      return readValues(reader)
  }
}

export function readValues(reader: FrameReader): readonly SqlValue[] {
  return Array.from({ length: reader.uint32() }, () => readValue(reader))
}
