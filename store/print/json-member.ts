/** `->` and `->>` of json: a member by name or an element by position, never a path. */
import { invariant } from '../../errors/invariant.ts'
import type { Operand } from './printer.ts'
import { withValues } from './single-use.ts'
import { familyOf } from './type.ts'

interface Operands {
  readonly left: Operand
  readonly right: Operand
}

export function jsonMember(operands: Operands): string {
  return memberBy('json_extract', operands)
}

export function jsonMemberText(operands: Operands): string {
  return memberBy('json_extract_string', operands)
}

/**
 * The engine would take a name that begins with `$` or `/` for a path, so every name goes as a JSON
 * pointer of one step; a pointer would also count in arrays, hence the look at the type.
 */
function memberBy(
  extract: 'json_extract' | 'json_extract_string',
  { left, right }: Operands,
): string {
  invariant(familyOf(left.type) === 'Json' || left.type === undefined, '-> is of json')
  if (familyOf(right.type) === 'Integer') {
    return withValues(
      [left.sql, right.sql],
      (json, index) =>
        `CASE WHEN json_type(${json}) = 'ARRAY' THEN ${extract}(${json}, CAST(${index} AS BIGINT)) END`,
    )
  }
  return withValues([left.sql, right.sql], (json, name) => {
    const pointer = `'/' || replace(replace(${name}, '~', '~0'), '/', '~1')`
    return `CASE WHEN json_type(${json}) = 'OBJECT' THEN ${extract}(${json}, ${pointer}) END`
  })
}
