import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { ScalarType } from '../sql-type.ts'

/** The engine's DECIMAL that holds a numeric without limits: digits in all, and after the point. */
const open = { precision: 38, scale: 18 } as const

/**
 * A decimal text that the store's numeric can hold. The engine would say of any other only that it
 * could not read it.
 */
export function checkDecimal(text: string, type: ScalarType): string {
  if (!/\d/.test(text)) throw notADecimal()
  const precision = type.precision ?? open.precision
  const scale = type.precision === undefined ? open.scale : (type.scale ?? 0)
  const [, whole = ''] = /^[+-]?0*(\d*)/.exec(text) ?? []
  if (whole.length > precision - scale) throw tooLarge()
  return text
}

/** NaN and the infinities, which the engine's DECIMAL does not have. */
export function notADecimal(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'NaN and infinity are not supported for type numeric',
  )
}

function tooLarge(): SqlError {
  return new SqlError(SqlState.NumericValueOutOfRange, 'numeric field overflow')
}
