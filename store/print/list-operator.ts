/** `||` of text, bytes and arrays, and the comparisons of arrays as sets. */
import type { Operand } from './printer.ts'
import { withValues } from './single-use.ts'
import { textOf } from './text-of.ts'
import { familyOf } from './type.ts'

interface Operands {
  readonly left: Operand
  readonly right: Operand
}

/** NULL makes text NULL; a NULL array joins as nothing. */
export function concatenate({ left, right }: Operands): string {
  const leftFamily = familyOf(left.type)
  const rightFamily = familyOf(right.type)
  if (leftFamily === 'Array' && rightFamily === 'Array')
    return `list_concat(${left.sql}, ${right.sql})`
  if (leftFamily === 'Array') return `list_append(${left.sql}, ${right.sql})`
  if (rightFamily === 'Array') return `list_prepend(${left.sql}, ${right.sql})`
  if (leftFamily === 'Bytes' && rightFamily === 'Bytes') return `(${left.sql} || ${right.sql})`
  return `(${textOf(left)} || ${textOf(right)})`
}

/** Whether every element of `inner` is one of `outer`; NULL is an element of nothing. */
export function contains(outer: Operand, inner: Operand): string {
  return withValues(
    [outer.sql, inner.sql],
    (whole, part) => `(list_has_all(${whole}, ${part}) AND list_count(${part}) = len(${part}))`,
  )
}

/** Whether some element is in both. */
export function overlaps(left: Operand, right: Operand): string {
  return `list_has_any(${left.sql}, ${right.sql})`
}
