import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { two } from './date-text.ts'

const hourSeconds = 3600
/** The calendar and so the rules of every zone repeat after 400 years. */
const cycleSeconds = 146_097 * 86_400
/** JavaScript's dates end before the engine's: look rules up in a cycle that is not near an end. */
const lookupEndSeconds = 32_503_680_000 // 3000-01-01
const lookupStartSeconds = -62_135_596_800 // 0001-01-01, long before the first rule
const cachedHoursMax = 4096

/** The offsets of one IANA time zone, remembered by the hour. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat
  readonly #isUtc: boolean
  readonly #offsets = new Map<number, number>()

  private constructor(format: Intl.DateTimeFormat) {
    this.#format = format
    this.#isUtc = format.resolvedOptions().timeZone === 'UTC'
  }

  static named(name: string): TimeZone {
    const known = zones.get(name)
    if (known !== undefined) return known
    const zone = new TimeZone(formatOf(name))
    if (zones.size >= zonesMax) zones.clear()
    zones.set(name, zone)
    return zone
  }

  /** Seconds east of UTC at an instant. */
  offsetSeconds(micros: bigint): number {
    return this.offsetAtSeconds(Number(floorSeconds(micros)))
  }

  /** The same of whole seconds. */
  offsetAtSeconds(instantSeconds: number): number {
    if (this.#isUtc) return 0
    const seconds = lookupSeconds(instantSeconds)
    const hour = Math.floor(seconds / hourSeconds)
    const start = this.#offsetAtHour(hour)
    // A change of offset within the hour is rare: then the very second decides.
    return start === this.#offsetAtHour(hour + 1) ? start : this.#computeOffset(seconds)
  }

  #offsetAtHour(hour: number): number {
    const cached = this.#offsets.get(hour)
    if (cached !== undefined) return cached
    if (this.#offsets.size >= cachedHoursMax) this.#offsets.clear()
    const offset = this.#computeOffset(hour * hourSeconds)
    this.#offsets.set(hour, offset)
    return offset
  }

  #computeOffset(seconds: number): number {
    const parts = new Map(
      this.#format.formatToParts(seconds * 1000).map((part) => [part.type, part.value]),
    )
    const field = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
    const year = parts.get('era') === 'BC' ? 1 - field('year') : field('year')
    const local = new Date(0)
    local.setUTCFullYear(year, field('month') - 1, field('day'))
    local.setUTCHours(field('hour'), field('minute'), field('second'))
    return local.getTime() / 1000 - seconds
  }
}

/** Sessions name few zones; the bound is against a client that tries them all. */
const zonesMax = 700
const zones = new Map<string, TimeZone>()

/** `+00`, `+05:30`, `-00:53:28`, as PostgreSQL ends a timestamptz. */
export function offsetText(seconds: number): string {
  const size = Math.abs(seconds)
  const minutes = Math.floor(size / 60) % 60
  const rest = size % 60
  const hours = two(Math.floor(size / 3600))
  const tail =
    rest !== 0 ? `:${two(minutes)}:${two(rest)}` : minutes !== 0 ? `:${two(minutes)}` : ''
  return `${seconds < 0 ? '-' : '+'}${hours}${tail}`
}

function floorSeconds(micros: bigint): bigint {
  return micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
}

function lookupSeconds(seconds: number): number {
  if (seconds < lookupStartSeconds) return lookupStartSeconds
  if (seconds < lookupEndSeconds) return seconds
  return seconds - Math.ceil((seconds - lookupEndSeconds + 1) / cycleSeconds) * cycleSeconds
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    throw unknownTimeZone(name, error)
  }
}

function unknownTimeZone(name: string, cause: unknown): SqlError {
  return new SqlError(
    SqlState.InvalidParameterValue,
    `invalid value for parameter "TimeZone": "${name}"`,
    { cause },
  )
}
