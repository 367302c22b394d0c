import type {
  BoundDeclaration,
  BoundExpression,
  BoundQuery,
  Variable,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { foldName } from '../../names.ts'
import type { FoldedName } from '../../names.ts'
import type { BindContext } from '../bind-context.ts'
import { coerce, settle } from '../coercion.ts'
import { withPlace } from '../expression/call-parts.ts'
import { failedExpression, typeField } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { notOverridable } from '../variable-errors.ts'
import type { BoundVariable, Variables } from '../variables.ts'

/**
 * The variables of a view that is written out (V7): its own declarations, with the values that the
 * query or view around it gives to those that it lets be overridden.
 */
export class ViewVariables {
  readonly #context: BindContext
  /** What views inside this one see. */
  readonly inner: Variables
  readonly #overrides = new Map<FoldedName, BoundVariable>()

  constructor(context: BindContext, around: Variables) {
    this.#context = context
    this.inner = around.within()
  }

  /** In order of declaration; `renew` gives a stored expression this statement's numbers. */
  declare(
    declaration: BoundDeclaration,
    renew: (expression: BoundExpression) => BoundExpression,
  ): void {
    const { name, overridable } = declaration
    const given = this.inner.find(name)
    if (given !== undefined && overridable) {
      const override = { ...given, value: this.#checked(given, declaration) }
      this.#overrides.set(foldName(name), override)
      this.inner.declare(override)
      return
    }
    // Not thrown: what is wrong is the DECLARE around the view, not the view.
    if (given !== undefined) this.#context.fail(notOverridable(name, given.offset))
    const value = this.#ownValue(declaration, renew)
    this.inner.declare({ name, value, offset: undefined })
  }

  /** What a variable in the view's definition stands for. */
  valueOf(
    { name, value, type }: Variable,
    renew: (expression: BoundExpression) => BoundExpression,
  ): BoundExpression {
    const override = this.#overrides.get(foldName(name))
    if (override === undefined) return renew(value)
    const context = this.#context
    context.variables.countUse(override)
    const given =
      type === undefined
        ? settle(context, override.value).expression
        : this.#coerced(override, type)
    return evaluatedOnce(given)
  }

  #ownValue(
    { value, type, isUntyped }: BoundDeclaration,
    renew: (expression: BoundExpression) => BoundExpression,
  ): TypedExpression {
    // Without a type of its own it has that of the variable that it repeats.
    const repeated = value.kind === 'Variable' ? this.inner.find(value.name) : undefined
    if (isUntyped && repeated !== undefined) return repeated.value
    return { expression: renew(value), type: isUntyped ? 'unknown' : type, location: undefined }
  }

  #checked(given: BoundVariable, { type }: BoundDeclaration): TypedExpression {
    if (type === undefined) return given.value
    return { expression: this.#coerced(given, type), type, location: undefined }
  }

  /** `:=` is an assignment. An error is one of the DECLARE around the view: there is its place. */
  #coerced({ value, offset }: BoundVariable, to: SqlType): BoundExpression {
    const context = this.#context
    const step = (): BoundExpression =>
      coerce(context, { ...value, location: undefined }, { to, context: 'assignment' })
    return context.attempt(() => withPlace(offset, step), failedExpression)
  }
}

/** What has one value for a whole statement as it is. */
const constantKinds: ReadonlySet<BoundExpression['kind']> = new Set([
  'Constant',
  'Parameter',
  'SessionValue',
  'Variable',
  'ScalarSubquery',
])

/**
 * A reader's expression is no part of the view's filter: it must not be evaluated row by row, on rows
 * that the filter removes, if it could fail or have an effect (V8).
 */
function evaluatedOnce(expression: BoundExpression): BoundExpression {
  if (constantKinds.has(expression.kind)) return expression
  const typed = typeField(expression.type)
  return { kind: 'ScalarSubquery', query: queryOf(expression, typed), ...typed }
}

/** `SELECT expression`. */
function queryOf(expression: BoundExpression, typed: Pick<BoundDeclaration, 'type'>): BoundQuery {
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: [expression],
      from: [],
      groupBy: [],
    },
    orderBy: [],
    columns: [{ name: '?column?', ...typed }],
  }
}
