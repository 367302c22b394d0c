/**
 * Reads the fields of a date and time (PostgreSQL 15: DecodeDateTime, DecodeTimeOnly, DecodeDate,
 * DecodeNumber, DecodeNumberField, DecodeTime, DecodeTimezone, ValidateDate) in DateStyle ISO, MDY.
 */
import type { SqlError } from '../../../../errors/sql-error.ts'
import { unreachable } from '../../../../errors/unreachable.ts'
import {
  datetimeFieldOutOfRange,
  invalidDatetime,
  timeZoneDisplacementOutOfRange,
  unknownTimeZone,
} from '../../errors.ts'
import { dateOfDays, daysOfDate, daysOfMonth, julianDayOfEpoch } from './calendar.ts'
import { splitFields } from './fields.ts'
import type { Field } from './fields.ts'
import { roundToEven } from './round-to-even.ts'
import { dateWord } from './words.ts'
import type { DateUnit, DateWord, Moment } from './words.ts'
import { abbreviatedZone, namedZone } from './zone.ts'
import type { Zone } from './zone.ts'

/** What was written: a moment by name, or fields. */
export type DecodedDatetime =
  | { readonly kind: 'Moment'; readonly moment: Moment; readonly zone: Zone | undefined }
  | {
      readonly kind: 'Fields'
      /** Days since 1970-01-01; absent: a time without a date. */
      readonly days: number | undefined
      /** Microseconds since midnight; absent: a date without a time. */
      readonly timeMicros: bigint | undefined
      readonly zone: Zone | undefined
    }

export interface DecodeRequest {
  readonly text: string
  /** For the message: `date`, `timestamp`. */
  readonly typeText: string
  /** A time is wanted: digits alone are one, and the date may be missing. */
  readonly timeOnly: boolean
}

/** Reads the text. @throws SqlError 22007, 22008, 22023 */
export function decodeDatetime(request: DecodeRequest): DecodedDatetime {
  const fields = splitFields(request.text, (word) => dateWord(word) !== undefined)
  if (fields === undefined) throw invalidDatetime(request.typeText, request.text)
  return new Decoder(request, fields).decode()
}

/** Parts that were read: no part may come twice. */
const Part = {
  Year: 1,
  Month: 2,
  Day: 4,
  DayOfYear: 8,
  Time: 16,
  Zone: 32,
  HalfDay: 64,
  Era: 128,
  WeekDay: 256,
  Daylight: 512,
} as const
const dateParts = Part.Year | Part.Month | Part.Day
const int32Max = 2_147_483_647
const hourSeconds = 3600

class Decoder {
  readonly #request: DecodeRequest
  readonly #fields: readonly Field[]
  #read = 0
  #year = 0
  #month = 0
  #day = 0
  #dayOfYear = 0
  #timeMicros = 0n
  #hour = 0
  #zone: Zone | undefined
  #half: 'am' | 'pm' | undefined
  #isBc = false
  #isJulian = false
  #hasTextMonth = false
  #hasTwoDigitYear = false
  /** What a word said the next number is; `isotime` after the `T` of ISO 8601. */
  #announced: DateUnit | 'isotime' | undefined
  #moment: Moment | undefined

  constructor(request: DecodeRequest, fields: readonly Field[]) {
    this.#request = request
    this.#fields = fields
  }

  decode(): DecodedDatetime {
    for (const [index, field] of this.#fields.entries())
      this.#addParts(this.#decodeField(field, index))
    if (this.#announced !== undefined) throw this.#badFormat()
    if (this.#moment !== undefined && this.#moment !== 'allballs') {
      if (isDay(this.#moment)) return this.#decodeRelativeDay(this.#moment)
      return { kind: 'Moment', moment: this.#moment, zone: this.#zone }
    }
    this.#validateDate()
    const time = this.#timeOfDay()
    const hasDate = (this.#read & dateParts) === dateParts
    const isComplete = this.#request.timeOnly ? time !== undefined : hasDate
    if (!isComplete) throw this.#badFormat()
    if (!hasDate && (this.#read & dateParts) !== 0) throw this.#badFormat()
    return {
      kind: 'Fields',
      days: hasDate
        ? daysOfDate({ year: this.#year, month: this.#month, day: this.#day })
        : undefined,
      timeMicros: time,
      zone: this.#zone,
    }
  }

  #badFormat(): SqlError {
    return invalidDatetime(this.#request.typeText, this.#request.text)
  }

  #outOfRange(isMonthOrDay = false): SqlError {
    return datetimeFieldOutOfRange(this.#request.text, isMonthOrDay)
  }

  #addParts(parts: number): void {
    if ((this.#read & parts) !== 0) throw this.#badFormat()
    this.#read |= parts
  }

  /** `today 10:00`: the day by name, its time written. The caller knows which day it is. */
  #decodeRelativeDay(moment: Moment): DecodedDatetime {
    const time = this.#timeOfDay()
    if (time !== undefined && time !== 0n) throw this.#relativeDayWithTime()
    return { kind: 'Moment', moment, zone: this.#zone }
  }

  #relativeDayWithTime(): SqlError {
    return this.#badFormat()
  }

  #decodeField(field: Field, index: number): number {
    switch (field.kind) {
      case 'Date':
        return this.#decodeDateField(field.text, index)
      case 'Time':
        return this.#decodeTimeField(field.text)
      case 'Zone':
        this.#zone = this.#decodeOffset(field.text)
        return Part.Zone
      case 'Number':
        return this.#decodeNumberOrTime(field.text)
      case 'String':
      case 'Special':
        return this.#decodeWord(field.text, index)
      default:
        return unreachable(field.kind)
    }
  }

  #decodeDateField(text: string, index: number): number {
    if (this.#announced === 'julian') return this.#decodeJulianWithZone(text)
    const hasMonthAndDay = (this.#read & (Part.Month | Part.Day)) === (Part.Month | Part.Day)
    if (this.#announced === undefined && !hasMonthAndDay) {
      if (!this.#request.timeOnly) return this.#decodeDate(text)
      if (this.#isDateBeforeTime(index)) return this.#decodeDate(text)
    }
    if (this.#announced === undefined && !/^\d/.test(text)) return this.#decodeZoneName(text)
    if (this.#announced !== undefined && this.#announced !== 'isotime') throw this.#badFormat()
    this.#announced = undefined
    if ((this.#read & Part.Time) !== 0) throw this.#badFormat()
    // A run-together time with a zone: `040506-08`.
    const minus = text.indexOf('-')
    if (minus < 0) throw this.#badFormat()
    this.#zone = this.#decodeOffset(text.slice(minus))
    return this.#decodeRunTogether(text.slice(0, minus)) | Part.Zone
  }

  /** Where only a time is wanted a date may come first: `2024-02-29 12:34`. */
  #isDateBeforeTime(index: number): boolean {
    const isFollowed = this.#fields[1]?.kind === 'Time' || this.#fields.at(-1)?.kind === 'Date'
    return index === 0 && this.#fields.length >= 2 && isFollowed
  }

  /** `J2451187-08`. */
  #decodeJulianWithZone(text: string): number {
    this.#announced = undefined
    const [, days, zone] = /^(\d+)([-].+)$/.exec(text) ?? []
    if (days === undefined || zone === undefined) throw this.#badFormat()
    this.#zone = this.#decodeOffset(zone)
    return this.#setJulian(days) | Part.Time | Part.Zone
  }

  #setJulian(text: string): number {
    const days = this.#int(text)
    this.#isJulian = true
    this.#setDate(days - julianDayOfEpoch)
    return dateParts
  }

  #setDate(days: number): void {
    const date = dateOfDays(days)
    this.#year = date.year
    this.#month = date.month
    this.#day = date.day
  }

  #decodeZoneName(text: string): number {
    const zone = namedZone(text)
    if (zone === undefined) throw unknownTimeZone(text)
    this.#zone = zone
    return Part.Zone
  }

  /** A whole date in one field: `2024-02-29`, `2/29/2024`, `29-feb-2024`. */
  #decodeDate(text: string): number {
    const parts = text.match(/\d+|[a-z]+/g) ?? []
    if (/[^a-z0-9]$/.test(text)) throw this.#badFormat()
    let read = this.#read
    let added = 0
    const add = (part: number): void => {
      if ((read & part) !== 0) throw this.#badFormat()
      read |= part
      added |= part
    }
    // Words first: they are a month beyond doubt.
    for (const part of parts) {
      if (/^\d/.test(part)) continue
      const word = dateWord(part)
      if (word?.kind === 'Ignored') continue
      if (word?.kind !== 'Month') throw this.#badFormat()
      this.#month = word.month
      this.#hasTextMonth = true
      add(Part.Month)
    }
    for (const part of parts) if (/^\d/.test(part)) add(this.#decodeNumber(part, read))
    // Only the year's day and a zone may stand before a date in one field.
    if ((read & ~(Part.DayOfYear | Part.Zone)) !== dateParts) throw this.#badFormat()
    return added
  }

  #int(text: string): number {
    const value = Number(text)
    if (value > int32Max) throw this.#outOfRange()
    return value
  }

  /** A number on its own: which part it is follows from what was read before (DateStyle MDY). */
  #decodeNumber(text: string, read: number): number {
    const [, digits, fraction] = /^(\d+)(\.\d*)?$/.exec(text) ?? []
    if (digits === undefined) throw this.#badFormat()
    const value = this.#int(digits)
    if (fraction !== undefined && digits.length > 2) return this.#decodeRunTogether(text, true)
    const known = read & dateParts
    if (text.length === 3 && known === Part.Year && value >= 1 && value <= 366) {
      this.#dayOfYear = value
      return Part.DayOfYear | Part.Month | Part.Day
    }
    switch (known) {
      case 0:
        return text.length >= 3 ? this.#setYear(text) : this.#setMonth(value)
      case Part.Year:
        return this.#setMonth(value)
      case Part.Month:
        return this.#hasTextMonth && text.length >= 3 ? this.#setYear(text) : this.#setDay(value)
      case Part.Year | Part.Month:
        if (this.#hasTextMonth && text.length >= 3 && this.#hasTwoDigitYear) {
          // The first number was the day after all: 08-FEB-1999.
          this.#day = this.#year
          this.#setYear(text)
          return Part.Day
        }
        return this.#setDay(value)
      case Part.Day:
        return this.#setMonth(value)
      case Part.Month | Part.Day:
        return this.#setYear(text)
      case dateParts:
        return this.#decodeRunTogether(text)
      default:
        throw this.#badFormat()
    }
  }

  #setYear(text: string): number {
    this.#year = this.#int(text)
    this.#hasTwoDigitYear = text.length <= 2
    return Part.Year
  }

  #setMonth(value: number): number {
    this.#month = value
    return Part.Month
  }

  #setDay(value: number): number {
    this.#day = value
    return Part.Day
  }

  /** Digits without separators: `20240229`, `240229`, `040506`, `0405`. */
  #decodeRunTogether(text: string, hasDate = false): number {
    const [digits, fraction] = splitFraction(text)
    if (!/^\d+$/.test(digits)) throw this.#badFormat()
    const read = hasDate ? this.#read | dateParts : this.#read
    const isDateRead = (read & dateParts) === dateParts || this.#request.timeOnly
    if (fraction === undefined && !isDateRead && digits.length >= 6) {
      this.#day = Number(digits.slice(-2))
      this.#month = Number(digits.slice(-4, -2))
      this.#year = this.#int(digits.slice(0, -4))
      this.#hasTwoDigitYear = digits.length === 6
      return dateParts
    }
    if ((read & Part.Time) !== 0) throw this.#badFormat()
    if (digits.length !== 6 && digits.length !== 4) throw this.#badFormat()
    this.#setTime({
      hour: Number(digits.slice(0, 2)),
      minute: Number(digits.slice(2, 4)),
      second: Number(digits.slice(4, 6)),
      micros: this.#fractionMicros(fraction),
    })
    return Part.Time
  }

  #fractionMicros(fraction: string | undefined): number {
    return fraction === undefined ? 0 : roundToEven(Number(`0${fraction}`) * 1e6)
  }

  #decodeTimeField(text: string): number {
    if (this.#announced !== undefined && this.#announced !== 'isotime') throw this.#badFormat()
    this.#announced = undefined
    const [, first, second, third, fraction] = /^(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(text) ?? []
    if (first === undefined || second === undefined) throw this.#badFormat()
    // `mm:ss.fff` where the third part is missing and a fraction is there.
    const isMinutes = third === undefined && fraction !== undefined
    const [hour, minute, seconds] = isMinutes ? ['0', first, second] : [first, second, third ?? '0']
    const time = {
      hour: this.#int(hour),
      minute: this.#int(minute),
      second: this.#int(seconds),
      micros: this.#fractionMicros(fraction),
    }
    if (time.minute > 59 || time.second > 60) throw this.#outOfRange()
    this.#setTime(time)
    return Part.Time
  }

  #setTime(time: TimeOfDay): void {
    const seconds = (time.hour * 60 + time.minute) * 60 + time.second
    const micros = BigInt(seconds) * 1_000_000n + BigInt(time.micros)
    const isOver = time.hour > 24 || time.minute > 59 || time.second > 60 || micros > dayMicros
    if (isOver) throw this.#outOfRange()
    this.#hour = time.hour
    this.#timeMicros = micros
  }

  /** `+02`, `-0330`, `+05:30:15`, in seconds east of UTC. */
  #decodeOffset(text: string): Zone {
    const [, sign, first, second, third, rest] =
      /^([+-])(\d+)(?::(\d*)(?::(\d*))?)?(.*)$/.exec(text) ?? []
    if (first === undefined) throw this.#badFormat()
    const isRunTogether = second === undefined && rest === '' && first.length > 2
    const hours = isRunTogether ? Math.floor(this.#int(first) / 100) : this.#int(first)
    const minutes = isRunTogether ? this.#int(first) % 100 : Number(second ?? 0)
    const seconds = Number(third ?? 0)
    if (hours > 15 || minutes > 59 || seconds > 59) {
      throw timeZoneDisplacementOutOfRange(this.#request.text)
    }
    if (rest !== '') throw this.#badFormat()
    const offset = hours * hourSeconds + minutes * 60 + seconds
    return { kind: 'Offset', seconds: sign === '-' ? -offset : offset }
  }

  #decodeNumberOrTime(text: string): number {
    if (this.#announced !== undefined) return this.#decodeAnnounced(text)
    const point = text.indexOf('.')
    const hasDate = (this.#read & dateParts) !== 0
    if (this.#request.timeOnly && !hasDate) return this.#decodeRunTogether(text)
    if (point >= 0 && !hasDate) return this.#decodeDate(text)
    if (point > 2) return this.#decodeRunTogether(text)
    const isComplete = (this.#read & dateParts) !== 0 && (this.#read & Part.Time) !== 0
    if (text.length >= 6 && !isComplete) return this.#decodeRunTogether(text)
    return this.#decodeNumber(text, this.#read)
  }

  /** A number after `y`, `m`, `d`, `j`, `t` and so on. */
  #decodeAnnounced(text: string): number {
    const unit = this.#announced
    this.#announced = undefined
    if (unit === 'isotime') {
      const part = this.#decodeRunTogether(text, true)
      if (part !== Part.Time) throw this.#badFormat()
      return part
    }
    if (unit === 'julian') return this.#decodeJulian(text)
    if (!/^\d+$/.test(text)) throw this.#badFormat()
    const value = this.#int(text)
    if (unit === 'month') return this.#setMonth(value)
    if (unit === 'day') return this.#setDay(value)
    // Hours, minutes and seconds by letters (`h04mm05s06`) are read by nobody but PostgreSQL.
    if (unit !== 'year') throw this.#badFormat()
    this.#year = value
    return Part.Year
  }

  /** A Julian day, with a fraction as the time. */
  #decodeJulian(text: string): number {
    const [digits, fraction] = splitFraction(text)
    const part = this.#setJulian(digits)
    if (fraction === undefined) return part
    this.#timeMicros = BigInt(Math.round(Number(`0${fraction}`) * Number(dayMicros)))
    this.#hour = Number(this.#timeMicros / 3_600_000_000n)
    return part | Part.Time
  }

  #decodeWord(text: string, index: number): number {
    const zone = abbreviatedZone(text)
    if (zone !== undefined) {
      this.#zone = zone
      return Part.Zone
    }
    const word = dateWord(text)
    if (word === undefined) {
      const named = namedZone(text)
      if (named === undefined) throw this.#badFormat()
      this.#zone = named
      return Part.Zone
    }
    return this.#applyWord(word, index)
  }

  #applyWord(word: DateWord, index: number): number {
    switch (word.kind) {
      case 'Ignored':
        return 0
      case 'WeekDay':
        return Part.WeekDay
      case 'HalfDay':
        this.#half = word.half
        return Part.HalfDay
      case 'Era':
        this.#isBc = word.era === 'bc'
        return Part.Era
      case 'Month':
        return this.#applyMonth(word.month)
      case 'DaylightModifier':
        return this.#applyDaylight()
      case 'Unit':
        this.#announced = word.unit
        return 0
      case 'IsoTime':
        return this.#applyIsoTime(index)
      case 'Moment':
        return this.#applyMoment(word.moment)
      default:
        return unreachable(word)
    }
  }

  #applyMonth(month: number): number {
    const wasNumber =
      (this.#read & Part.Month) !== 0 &&
      !this.#hasTextMonth &&
      (this.#read & Part.Day) === 0 &&
      this.#month >= 1 &&
      this.#month <= 31
    // `29 feb 2024`: what was taken for a month is the day.
    if (wasNumber) this.#day = this.#month
    this.#hasTextMonth = true
    this.#month = month
    return wasNumber ? Part.Day : Part.Month
  }

  /** `MET DST`: an hour ahead of the zone before it. */
  #applyDaylight(): number {
    if (this.#zone?.kind !== 'Offset') throw this.#badFormat()
    this.#zone = { kind: 'Offset', seconds: this.#zone.seconds + hourSeconds }
    return Part.Daylight
  }

  #applyIsoTime(index: number): number {
    const next = this.#fields[index + 1]?.kind
    const hasDate = (this.#read & dateParts) === dateParts || this.#request.timeOnly
    if (!hasDate || (next !== 'Number' && next !== 'Time' && next !== 'Date')) {
      throw this.#badFormat()
    }
    this.#announced = 'isotime'
    return 0
  }

  #applyMoment(moment: Moment): number {
    this.#moment = moment
    if (moment === 'allballs') {
      this.#zone = { kind: 'Offset', seconds: 0 }
      return Part.Time | Part.Zone
    }
    return isDay(moment) ? dateParts : dateParts | Part.Time | Part.Zone
  }

  #validateDate(): void {
    if ((this.#read & Part.Year) !== 0 && !this.#isJulian) this.#validateYear()
    if ((this.#read & Part.DayOfYear) !== 0) {
      this.#setDate(daysOfDate({ year: this.#year, month: 1, day: 1 }) + this.#dayOfYear - 1)
    }
    if ((this.#read & Part.Month) !== 0 && (this.#month < 1 || this.#month > 12)) {
      throw this.#outOfRange(true)
    }
    if ((this.#read & Part.Day) !== 0 && (this.#day < 1 || this.#day > 31)) {
      throw this.#outOfRange(true)
    }
    const isDate = (this.#read & dateParts) === dateParts
    if (isDate && this.#day > daysOfMonth(this.#year, this.#month)) throw this.#outOfRange()
  }

  #validateYear(): void {
    if (this.#isBc) {
      if (this.#year <= 0) throw this.#outOfRange()
      this.#year = 1 - this.#year
    } else if (this.#hasTwoDigitYear) {
      this.#year += this.#year < 70 ? 2000 : 1900
    } else if (this.#year <= 0) {
      throw this.#outOfRange()
    }
  }

  #timeOfDay(): bigint | undefined {
    if ((this.#read & Part.Time) === 0) return undefined
    if (this.#half === undefined) return this.#timeMicros
    if (this.#hour > 12) throw this.#outOfRange()
    const isTwelve = this.#hour === 12
    if (this.#half === 'am') return this.#timeMicros - (isTwelve ? halfDayMicros : 0n)
    return this.#timeMicros + (isTwelve ? 0n : halfDayMicros)
  }
}

interface TimeOfDay {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly micros: number
}

const dayMicros = 86_400_000_000n
const halfDayMicros = dayMicros / 2n

function isDay(moment: Moment): moment is 'today' | 'tomorrow' | 'yesterday' {
  return moment === 'today' || moment === 'tomorrow' || moment === 'yesterday'
}

/** The digits before the point, and the fraction with its point. */
function splitFraction(text: string): readonly [string, string | undefined] {
  const point = text.indexOf('.')
  return point < 0 ? [text, undefined] : [text.slice(0, point), text.slice(point)]
}
