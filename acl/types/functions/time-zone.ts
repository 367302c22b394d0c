import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant, unknownTimeZone } from '../errors.ts'
import { binary, call, cast, constant, constantValue, text } from '../expressions.ts'
import { abbreviatedZone, namedZone } from '../input/datetime/zone.ts'
import { scalar } from '../scalar.ts'
import type { CallContext } from './row.ts'

/** `value AT TIME ZONE zone`: the grammar's `timezone(zone, value)`. */
export function atTimeZone(
  [zone, value]: readonly BoundExpression[],
  { arguments: types, result }: CallContext,
): BoundExpression {
  const name = constantValue(zone)
  if (value === undefined) throw new Error('a time zone of no value')
  // The engine would read names that PostgreSQL does not know, and some otherwise (PST, ART).
  if (typeof name !== 'string') throw argumentNotConstant('timezone', 'the time zone')
  const abbreviated = abbreviatedZone(name.toLowerCase())
  if (abbreviated?.kind === 'Offset') {
    const isLocal = types[1]?.kind === 'Scalar' && types[1].name === 'timestamp'
    return isLocal
      ? call('timezone', [text('UTC'), shifted(value, -abbreviated.seconds)], result)
      : shifted(call('timezone', [text('UTC'), value], result), abbreviated.seconds)
  }
  if (namedZone(name) === undefined) throw unknownTimeZone(name)
  return call('timezone', [text(name), value], result)
}

function shifted(value: BoundExpression, seconds: number): BoundExpression {
  if (seconds === 0) return value
  const type = value.type ?? scalar('timestamp')
  const interval = constant(
    { kind: 'Interval', months: 0, days: 0, micros: BigInt(seconds) * 1_000_000n },
    scalar('interval'),
  )
  return cast(binary(value, '+', interval, type), type)
}
