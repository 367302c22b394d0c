/** Time zones: IANA names by Intl, offsets, and the moment that a local time means in a zone. */
import { daysOfDate } from './calendar.ts'
import { zoneAbbreviations } from './zone-abbreviations.ts'

/** A time zone: a fixed offset in seconds east of UTC, or a name with rules. */
export type Zone =
  | { readonly kind: 'Offset'; readonly seconds: number }
  | { readonly kind: 'Named'; readonly format: Intl.DateTimeFormat }

const daySeconds = 86_400

const known = new Map<string, Zone | undefined>()

/** Names that are kept; a client may ask for any text, so the memory of them has a bound. */
const knownMax = 1000

/** The zone of an IANA name, in any case, or undefined. */
export function namedZone(name: string): Zone | undefined {
  const key = name.toLowerCase()
  if (known.has(key)) return known.get(key)
  if (known.size >= knownMax) known.clear()
  const zone = makeZone(key)
  known.set(key, zone)
  return zone
}

function makeZone(key: string): Zone | undefined {
  if (key === 'utc' || key === 'gmt' || key === 'zulu' || key === 'etc/utc') {
    return { kind: 'Offset', seconds: 0 }
  }
  // Offsets such as `+05:00` are names to Intl, not to PostgreSQL's text input.
  if (!/^[a-z]/.test(key)) return undefined
  try {
    return { kind: 'Named', format: formatOf(key) }
  } catch {
    // Intl throws its RangeError for a name that it does not know, nothing else.
    return undefined
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
}

/** The zone of an abbreviation such as `est`, or undefined. */
export function abbreviatedZone(text: string): Zone | undefined {
  const seconds = zoneAbbreviations.get(text)
  return seconds === undefined ? undefined : { kind: 'Offset', seconds }
}

/** JavaScript's last moment, in the year 275760; what lies after it is moved back by whole cycles. */
const dateSecondsMax = 8_640_000_000_000

/** The Gregorian calendar repeats, weekdays too, every 400 years. */
const cycleSeconds = 146_097 * 86_400

/** In the year 5: before it all zones are at local mean time, and formats say BC. */
const dateSecondsMin = -62_000_000_000

/** The zone's offset in seconds east of UTC at a moment in seconds since 1970. */
export function offsetAt(zone: Zone, epochSeconds: number): number {
  if (zone.kind === 'Offset') return zone.seconds
  const excess = Math.max(0, Math.ceil((epochSeconds - dateSecondsMax) / cycleSeconds))
  const seconds = Math.max(epochSeconds - excess * cycleSeconds, dateSecondsMin)
  const parts = new Map(
    zone.format.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
  const days = daysOfDate({ year: part('year'), month: part('month'), day: part('day') })
  const local = days * daySeconds + part('hour') * 3600 + part('minute') * 60 + part('second')
  return local - seconds
}

/**
 * The offset that a local time (seconds as if it were UTC) has in a zone. A time that a clock's
 * change skips is read with the offset before it, one that comes twice with the offset after it
 * (PostgreSQL 15, DetermineTimeZoneOffsetInternal).
 */
export function offsetOfLocal(zone: Zone, localSeconds: number): number {
  if (zone.kind === 'Offset') return zone.seconds
  const before = offsetAt(zone, localSeconds - daySeconds)
  const after = offsetAt(zone, localSeconds + daySeconds)
  if (before === after) return before
  const isBefore = offsetAt(zone, localSeconds - before) === before
  const isAfter = offsetAt(zone, localSeconds - after) === after
  if (isBefore === isAfter) return isBefore ? after : before
  return isBefore ? before : after
}
