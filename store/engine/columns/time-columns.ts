import { binaryDate } from '../../values/scalar-binary.ts'
import {
  checkTimestamp,
  dateText as textOfDate,
  postgresEpochMicros,
  timestampText as textOfTimestamp,
  timestampWithOffset,
} from '../../values/date-text.ts'
import { offsetText, TimeZone } from '../../values/time-zone.ts'
import type { VectorView } from '../vector-view.ts'
import type { ColumnEncoder, ColumnWriter, RowRange } from './column-writer.ts'
import { writePadded } from './digits.ts'
import { bigOf, fixed } from './integer-columns.ts'

const microsPerDay = 86_400_000_000
/** `294276-12-31 23:59:59.999999+15:59:59 BC` and some. */
const textBytesMax = 48
const infiniteDays = 2_147_483_647
const infiniteMicros = 0x7fff_ffff_ffff_ffffn
/** Upper words within which microseconds are exact as a double: the years 1827 to 2112. */
const exactUpperMax = 1 << 20
const daysKeptMax = 4096

/** Texts of days, which repeat from row to row. */
class DayTexts {
  readonly #texts = new Map<number, Buffer>()

  of(days: number): Buffer {
    const kept = this.#texts.get(days)
    if (kept !== undefined) return kept
    if (this.#texts.size >= daysKeptMax) this.#texts.clear()
    const text = Buffer.from(textOfDate(days), 'latin1')
    this.#texts.set(days, text)
    return text
  }
}

const dayTexts = new DayTexts()

export const dateText: ColumnEncoder = (view, range) => {
  const data = new Int32Array(...view.span(4))
  return fixed(view, range, textBytesMax, (row, out, at) => {
    const text = dayTexts.of(daysOf(data[row] ?? 0))
    out.set(text, at)
    return at + text.length
  })
}

export const dateBinary: ColumnEncoder = (view, range) => {
  const data = new Int32Array(...view.span(4))
  return fixed(view, range, 4, (row, out, at) =>
    out.writeInt32BE(binaryDate(daysOf(data[row] ?? 0)), at),
  )
}

export const timestampText: ColumnEncoder = (view, range) =>
  instants(view, range, textBytesMax, (upper, lower, out, at) => {
    if (!isExact(upper)) return writeText(out, at, textOfTimestamp(instantOf(upper, lower)))
    return writeClock(out, at, upper * 0x1_0000_0000 + lower)
  })

/** timestamp and timestamptz. */
export const timestampBinary: ColumnEncoder = (view, range) =>
  instants(view, range, 8, (upper, lower, out, at) =>
    out.writeBigInt64BE(binaryMicros(instantOf(upper, lower)), at),
  )

/** With the offset of the session's zone at each instant. */
export function timestamptzText(timeZone: string): ColumnEncoder {
  const zone = TimeZone.named(timeZone)
  const offsets = new Map<number, Buffer>()
  const offsetBytes = (seconds: number): Buffer => {
    const kept = offsets.get(seconds)
    if (kept !== undefined) return kept
    const text = Buffer.from(offsetText(seconds), 'latin1')
    offsets.set(seconds, text)
    return text
  }
  return (view, range) =>
    instants(view, range, textBytesMax, (upper, lower, out, at) => {
      if (!isExact(upper)) return writeText(out, at, zonedText(instantOf(upper, lower), zone))
      const micros = upper * 0x1_0000_0000 + lower
      const offset = zone.offsetAtSeconds(Math.floor(micros / 1e6))
      const end = writeClock(out, at, micros + offset * 1e6)
      const text = offsetBytes(offset)
      out.set(text, end)
      return end + text.length
    })
}

function instants(
  view: VectorView,
  range: RowRange,
  bytesEach: number,
  write: (upper: number, lower: number, out: Buffer, at: number) => number,
): ColumnWriter {
  const words = view.words(2)
  return fixed(view, range, bytesEach, (row, out, at) =>
    write((words[row * 2 + 1] ?? 0) | 0, words[row * 2] ?? 0, out, at),
  )
}

function writeClock(out: Buffer, at: number, micros: number): number {
  const days = Math.floor(micros / microsPerDay)
  const date = dayTexts.of(days)
  out.set(date, at)
  const ofDay = micros - days * microsPerDay
  const seconds = Math.floor(ofDay / 1e6)
  let next = at + date.length
  out[next] = 32
  next = writePadded(out, next + 1, Math.floor(seconds / 3600), 2)
  out[next] = 58
  next = writePadded(out, next + 1, Math.floor(seconds / 60) % 60, 2)
  out[next] = 58
  next = writePadded(out, next + 1, seconds % 60, 2)
  return writeFraction(out, next, ofDay - seconds * 1e6)
}

function writeFraction(out: Buffer, at: number, micros: number): number {
  if (micros === 0) return at
  out[at] = 46
  let end = writePadded(out, at + 1, micros, 6)
  while (out[end - 1] === 48) end--
  return end
}

function writeText(out: Buffer, at: number, text: string): number {
  return at + out.write(text, at, 'latin1')
}

function zonedText(instant: bigint | number, zone: TimeZone): string {
  if (typeof instant === 'number') return textOfTimestamp(instant)
  const offset = zone.offsetSeconds(instant)
  return timestampWithOffset(instant + BigInt(offset) * 1_000_000n, offsetText(offset))
}

function binaryMicros(instant: bigint | number): bigint {
  if (typeof instant === 'bigint') return instant - postgresEpochMicros
  return instant > 0 ? infiniteMicros : -infiniteMicros - 1n
}

function isExact(upper: number): boolean {
  return upper >= -exactUpperMax && upper < exactUpperMax
}

function instantOf(upper: number, lower: number): bigint | number {
  const micros = bigOf(upper, lower)
  if (micros === infiniteMicros) return Infinity
  return micros === -infiniteMicros ? -Infinity : checkTimestamp(micros)
}

function daysOf(days: number): number {
  if (days === infiniteDays) return Infinity
  return days === -infiniteDays ? -Infinity : days
}
