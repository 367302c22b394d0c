import type { ExpressionSyntax } from '../../../parser/statement.ts'
import { BindContext } from '../bind-context.ts'
import { areNotSupported } from '../binding-errors.ts'
import { Scope } from '../scope.ts'
import { checkSyntax } from '../syntax-gate.ts'
import { failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'

/**
 * An expression of a clause of QuestDB's, bound by itself, since its text has places of its own: it sees
 * no column and may hold no subquery.
 */
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
      refuseSubqueries(syntax)
      return binders.expression(syntax.tree, new Scope(inner), 'SAMPLE BY')
    },
    { expression: failedExpression, type: undefined, location: undefined },
  )
  if (inner.error !== undefined) context.fail(inner.error)
  // What it would read, nobody would be asked about.
  if (inner.requirements.list().length > 0) throw new Error('an expression of a clause reads rows')
  // Its location is one of its own text.
  return { value: { ...value, location: undefined }, offset: syntax.start }
}

function refuseSubqueries({ tree, offsetOf }: ExpressionSyntax): void {
  const pending: unknown[] = [tree]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== 'object' || node === null) continue
    if ('SubLink' in node) {
      throw areNotSupported('subqueries in SAMPLE BY', offsetOf(locationIn(node.SubLink)))
    }
    pending.push(...Object.values(node))
  }
}

function locationIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('location' in body)) return undefined
  return typeof body.location === 'number' ? body.location : undefined
}
