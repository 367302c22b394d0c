import type { Literal } from '../../../parser/statement.ts'
import type { BucketZone } from '../../types/time-buckets.ts'
import { unknownTimeZone } from '../../types/errors.ts'
import { abbreviatedZone, namedZone, offsetAt } from '../../types/input/datetime/zone.ts'
import { withPlace } from '../expression/call-parts.ts'

/** A January and a July: whichever hemisphere, one of them has standard time. Fixed, so that plans are. */
const referenceSeconds = [1_735_689_600, 1_751_328_000] as const

/** @throws SqlError 22023 for a name that nobody knows */
export function sampleZone({ value, span }: Literal): BucketZone {
  const fixed = fixedOffset(value) ?? abbreviatedZone(value.toLowerCase())
  if (fixed?.kind === 'Offset') return fixed
  const zone = namedZone(value)
  if (zone === undefined) {
    return withPlace(span.start, () => {
      throw unknownTimeZone(value)
    })
  }
  if (zone.kind === 'Offset') return zone
  const offsets = referenceSeconds.map((seconds) => offsetAt(zone, seconds))
  return { kind: 'Named', name: value, standardSeconds: Math.min(...offsets) }
}

/** `+02:00`, `-0530`. */
function fixedOffset(text: string): BucketZone | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?([0-5]\d)$/.exec(text) ?? []
  if (hours === undefined) return undefined
  const seconds = (Number(hours) * 60 + Number(minutes)) * 60
  return { kind: 'Offset', seconds: sign === '-' ? 0 - seconds : seconds }
}
