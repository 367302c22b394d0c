import { SqlState } from '../../errors/sql-state.ts'
import type { ScalarType } from '../sql-type.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'

/**
 * Text held to the length of varchar(n) or bpchar(n): an explicit cast cuts, an assignment raises
 * unless only spaces would be cut; bpchar is filled up with spaces (PostgreSQL, "Character Types").
 */
export function fitLength(
  text: string,
  { name, length }: ScalarType,
  isAssignment: boolean,
): string {
  if (length === undefined) return text
  const isPadded = name === 'bpchar'
  if (!isAssignment) return isPadded ? `rpad(${text}, ${length}, ' ')` : `left(${text}, ${length})`
  const typeText = isPadded ? `character(${length})` : `character varying(${length})`
  const error = raise(SqlState.StringDataRightTruncation, `value too long for type ${typeText}`)
  return withValues([text], (value) => {
    const fitted = isPadded ? `rpad(${value}, ${length}, ' ')` : `left(${value}, ${length})`
    return `CASE WHEN length(rtrim(${value}, ' ')) > ${length} THEN ${error} ELSE ${fitted} END`
  })
}
