import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/**
 * The zone that a value of `TimeZone` means, by a name that Node and the engine both know: `UTC` or one
 * of the IANA database in any case. Whole hours from UTC, as SET TIME ZONE 2 and SET TIME ZONE INTERVAL
 * give them, are zones of it, too. Other rules as POSIX writes them are refused.
 * @throws SqlError 22023
 */
export function acceptTimeZone(value: string): string {
  const name = value.replaceAll("'", '').trim()
  if (isUtc.test(name)) return 'UTC'
  const hours = hoursEast(name)
  if (hours !== undefined) return zoneOfHours(hours) ?? refuse(value)
  return canonicalName(name) ?? refuse(value)
}

const isUtc = /^(default|local|utc|gmt|z|zulu|etc\/utc|etc\/gmt)$/i

/** `2` and `-5`, which count eastwards, and `<+02>-02`, whose last part counts westwards. */
function hoursEast(name: string): number | undefined {
  if (/^[+-]?\d{1,2}(\.0+)?$/.test(name)) return Number(name)
  const [, east, west] = /^<([+-]\d\d)>([+-]\d\d)$/.exec(name) ?? []
  if (east === undefined || Number(east) !== -Number(west)) return undefined
  return Number(east)
}

/** The IANA database has fixed zones from 12 hours west to 14 hours east; their names count westwards. */
function zoneOfHours(hours: number): string | undefined {
  if (hours === 0) return 'UTC'
  if (hours < -12 || hours > 14) return undefined
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

/** Node may know offsets such as `+02:00` as well, which are no names. */
function canonicalName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9_+/-]*$/i.test(name)) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    // A RangeError: there is no such zone.
    return undefined
  }
}

function refuse(value: string): never {
  throw new SqlError(
    SqlState.InvalidParameterValue,
    `invalid value for parameter "TimeZone": "${value}"`,
    { hint: 'Use a name such as Europe/Berlin or UTC, or a number of hours.' },
  )
}
