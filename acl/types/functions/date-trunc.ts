import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import {
  argumentNotConstant,
  invalidArgument,
  unsupportedForm,
  unsupportedUnit,
} from '../errors.ts'
import { binary, call, constant, constantValue, raise, text, when } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { typeText } from '../type-name.ts'
import { repeatable } from './repeatable.ts'
import type { CallContext } from './row.ts'

/** Units that both cut alike, by PostgreSQL's spellings. */
const units: ReadonlyMap<string, string> = new Map(
  Object.entries({
    microseconds: 'microsecond microsecon usec usecs us usecond useconds',
    milliseconds: 'millisecond millisecon msec msecs ms msecond mseconds',
    second: 'seconds sec secs s',
    minute: 'minutes min mins m',
    hour: 'hours hr hrs h',
    day: 'days d',
    week: 'weeks w',
    month: 'months mon mons',
    quarter: 'qtr',
    year: 'years yr yrs y',
    decade: 'decades dec decs',
    century: 'centuries cent c',
    millennium: 'millennia mil mils',
  }).flatMap(([unit, others]) => [unit, ...others.split(' ')].map((word) => [word, unit])),
)

/** `date_trunc(unit, value)`. */
export function dateTrunc(
  [field, value]: readonly BoundExpression[],
  context: CallContext,
): BoundExpression {
  const written = constantValue(field)
  if (typeof written !== 'string') throw argumentNotConstant('date_trunc', 'the unit')
  if (value === undefined) throw new Error('date_trunc of no value')
  const unit = units.get(written.toLowerCase())
  const type = typeText(context.result)
  if (unit === undefined) throw invalidArgument(`unit "${written}" not recognized for type ${type}`)
  const isInterval = type === 'interval'
  if (isInterval && unit === 'week') throw unsupportedUnit(unit, type)
  // The engine's centuries begin with the year 2000, PostgreSQL's with 2001.
  if (!isInterval && (unit === 'century' || unit === 'millennium')) {
    throw unsupportedForm('date_trunc', `the unit "${unit}"`)
  }
  const cut = call('date_trunc', [text(unit), value], context.result)
  if (isInterval || unit !== 'decade') return cut
  repeatable('date_trunc', [value])
  const year = call('date_part', [text('year'), value], scalar('int8'))
  // Before Christ PostgreSQL's decades begin with the years 11, 21, ...; the engine's do not.
  const isBeforeChrist = binary(year, '<=', constant(0n, scalar('int8')))
  const message = 'decades before Christ are not supported'
  return when([[isBeforeChrist, raise(SqlState.FeatureNotSupported, message)]], cut, context.result)
}
