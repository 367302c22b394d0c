import type { Name } from '../../../parser/statement.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { undeclaredVariable } from '../variable-errors.ts'

/** `@v`: the expression that DECLARE gives it (V7); a bare literal takes its type from each place of use. */
export function bindVariable(
  { text, span }: Name,
  { context }: Scope,
  location: number | undefined,
): TypedExpression {
  const variable = context.variables.find(text)
  if (variable === undefined) throw undeclaredVariable(text, span.start)
  context.variables.countUse(variable)
  const { expression, type } = variable.value
  const known =
    type === 'unknown' && expression.kind === 'Parameter'
      ? context.parameters.typeOf(expression.number)
      : undefined
  // Another use of the variable has settled the type of the parameter behind it.
  if (known !== undefined && expression.kind === 'Parameter') {
    return { expression: { ...expression, type: known }, type: known, location }
  }
  return { expression, type, location }
}
