import type { Declaration, QuerySyntax } from '../../parser/statement.ts'
import type { BoundDeclaration, BoundExpression } from '../../store/bound.ts'
import { BindContext } from './bind-context.ts'
import { Scope } from './scope.ts'
import { failedExpression, typeField } from './typed-expression.ts'
import type { TypedExpression } from './typed-expression.ts'
import { untypedVariable } from './variable-errors.ts'

/** A declaration of the statement, or of a view, whose variables readers may override. */
export type DeclarationOwner = 'Query' | 'View'

/**
 * Binds what DECLARE says (V7), each expression by itself: it sees the variables before it, and no
 * column. Their form is checked already (check-declarations.ts).
 */
export function bindDeclarations(
  { declarations = [] }: Pick<QuerySyntax<unknown>, 'declarations'>,
  context: BindContext,
  owner: DeclarationOwner,
): readonly BoundDeclaration[] {
  return declarations.map((declaration) => bindDeclaration(declaration, context, owner))
}

function bindDeclaration(
  declaration: Declaration,
  context: BindContext,
  owner: DeclarationOwner,
): BoundDeclaration {
  const { name, overridable } = declaration
  const bound = bindValue(declaration, context)
  const { expression, type } = bound
  const canChange = overridable && owner === 'View'
  if (canChange && type === undefined && context.error === undefined) {
    context.fail(untypedVariable(name.text, name.span.start))
  }
  const value = canChange ? { ...bound, expression: variableNode(name.text, bound) } : bound
  context.variables.declare({ name: name.text, value, offset: name.span.start })
  return {
    name: name.text,
    overridable,
    value: expression,
    isUntyped: type === 'unknown',
    ...typeField(type),
  }
}

function variableNode(name: string, { expression, type }: TypedExpression): BoundExpression {
  return { kind: 'Variable', name, value: expression, ...typeField(type) }
}

/** The text of the expression has places of its own; parameters are those of the statement. */
function bindValue({ expression: syntax }: Declaration, context: BindContext): TypedExpression {
  const { options, binders, parameters, variables } = context
  const inner = new BindContext({ options, binders, syntax, parameters, variables })
  const value = binders.expression(syntax.tree, new Scope(inner), 'DECLARE')
  if (inner.error === undefined) return value
  context.fail(inner.error)
  return { expression: failedExpression, type: undefined, location: undefined }
}
