/** Intervals of ISO 8601: `P1Y2M3DT4H5M6.7S` and `P0001-02-03T04:05:06` (DecodeISO8601Interval). */
import { IntervalSum } from './interval-sum.ts'
import type { IntervalUnit } from './interval-units.ts'

const dateUnits: Readonly<Record<string, IntervalUnit>> = {
  Y: 'year',
  M: 'month',
  W: 'week',
  D: 'day',
}
const timeUnits: Readonly<Record<string, IntervalUnit>> = { H: 'hour', M: 'minute', S: 'second' }

/** The sum of its parts, or undefined where the text is not of that format. */
export function parseIsoInterval(text: string): IntervalSum | undefined {
  if (!text.startsWith('P') || text.length < 2) return undefined
  const [date = '', time, ...more] = text.slice(1).split('T')
  if (more.length > 0 || (date === '' && time === undefined)) return undefined
  const sum = new IntervalSum()
  const isDate = date === '' || readDesignated(sum, date, dateUnits) || readDate(sum, date)
  const isTime =
    time === undefined || time === '' || readDesignated(sum, time, timeUnits) || readTime(sum, time)
  return isDate && isTime ? sum : undefined
}

/** Numbers with their designators, in any order. */
function readDesignated(
  sum: IntervalSum,
  text: string,
  units: Readonly<Record<string, IntervalUnit>>,
): boolean {
  if (!/^(?:[+-]?\d*(?:\.\d*)?[A-Z])+$/.test(text)) return false
  const parts = [...text.matchAll(/([+-]?)(\d*)(\.\d*)?([A-Z])/g)]
  const isKnown = parts.every(
    ([, , digits, fraction, unit]) =>
      units[unit ?? ''] !== undefined && (digits !== '' || (fraction ?? '').length > 1),
  )
  if (!isKnown) return false
  for (const [, sign = '', digits = '', fraction = '', letter = ''] of parts) {
    const unit = units[letter]
    if (unit !== undefined) addPart(sum, { sign, digits, fraction, unit })
  }
  return true
}

interface WrittenPart {
  readonly sign: string
  readonly digits: string
  readonly fraction: string
  readonly unit: IntervalUnit
}

function addPart(sum: IntervalSum, { sign, digits, fraction, unit }: WrittenPart): void {
  const whole = BigInt(digits === '' ? 0 : digits)
  const part = fraction.length > 1 ? Number(`0${fraction}`) : 0
  sum.add({
    unit,
    whole: sign === '-' ? -whole : whole,
    fraction: sign === '-' ? -part : part,
  })
}

/** `0001-02-03`. */
function readDate(sum: IntervalSum, text: string): boolean {
  const [, years, months, days] = /^(-?\d+)(?:-(-?\d+)(?:-(-?\d+))?)?$/.exec(text) ?? []
  if (years === undefined) return false
  if (months === undefined && /^\d{8}$/.test(text)) {
    // Basic format: YYYYMMDD.
    return readDate(sum, `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`)
  }
  sum.add({ unit: 'year', whole: BigInt(years), fraction: 0 })
  sum.add({ unit: 'month', whole: BigInt(months ?? 0), fraction: 0 })
  sum.add({ unit: 'day', whole: BigInt(days ?? 0), fraction: 0 })
  return true
}

/** `04:05:06.7` or `040506`. */
function readTime(sum: IntervalSum, text: string): boolean {
  if (/^\d{6}(?:\.\d+)?$/.test(text)) {
    return readTime(sum, `${text.slice(0, 2)}:${text.slice(2, 4)}:${text.slice(4)}`)
  }
  const [, hours, minutes, seconds, fraction = ''] =
    /^(-?\d+)(?::(-?\d+)(?::(-?\d+)(\.\d*)?)?)?$/.exec(text) ?? []
  if (hours === undefined) return false
  sum.add({ unit: 'hour', whole: BigInt(hours), fraction: 0 })
  sum.add({ unit: 'minute', whole: BigInt(minutes ?? 0), fraction: 0 })
  const sign = seconds?.startsWith('-') === true ? '-' : ''
  const digits = seconds?.replace('-', '') ?? '0'
  addPart(sum, { sign, digits, fraction, unit: 'second' })
  return true
}
