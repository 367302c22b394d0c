import type { BoundExpression } from '../../store/bound.ts'
import type { Column } from '../schema.ts'
import { canCoerce } from '../types/coerce.ts'
import { typeText } from '../types/type-name.ts'
import type { BindContext } from './bind-context.ts'
import { datatypeMismatch } from './binding-errors.ts'
import { coerce, typeWords } from './coercion.ts'
import type { TypedExpression } from './typed-expression.ts'

/** A value on its way into a column (parse_target.c, transformAssignedExpr). */
export function assignTo(
  context: BindContext,
  column: Pick<Column, 'name' | 'type'>,
  value: TypedExpression,
): BoundExpression {
  const { type } = value
  if (type !== undefined && !canCoerce({ from: type, to: column.type, context: 'assignment' })) {
    throw datatypeMismatch(
      `column "${column.name}" is of type ${typeText(column.type)} but expression is of type ${typeWords(type)}`,
      context.offsetOf(value.location),
      'You will need to rewrite or cast the expression.',
    )
  }
  return coerce(context, value, { to: column.type, context: 'assignment' })
}
