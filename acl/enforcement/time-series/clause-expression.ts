import type { ExpressionSyntax } from '../../../parser/statement.ts'
import { BindContext } from '../bind-context.ts'
import { Scope } from '../scope.ts'
import { checkSyntax } from '../syntax-gate.ts'
import { failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'

/** An expression of a clause of QuestDB's, bound: it sees no column. Its text has places of its own. */
export interface ClauseExpression {
  readonly value: TypedExpression
  /** Where it begins in the client's text. */
  readonly offset: number
}

export function bindClauseExpression(
  syntax: ExpressionSyntax,
  context: BindContext,
): ClauseExpression {
  const { options, binders, parameters, variables } = context
  const inner = new BindContext({ options, binders, syntax, parameters, variables })
  const value = inner.attempt(
    () => {
      checkSyntax(syntax.tree, inner)
      return binders.expression(syntax.tree, new Scope(inner), 'SAMPLE BY')
    },
    { expression: failedExpression, type: undefined, location: undefined },
  )
  if (inner.error !== undefined) context.fail(inner.error)
  // Its location is one of its own text.
  return { value: { ...value, location: undefined }, offset: syntax.start }
}
