import type { Node as SyntaxNode, ResTarget } from '@pgsql/types'
import { areNotSupported, notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { settle } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { starMembers } from '../star.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { outputName } from './output-name.ts'
import type { DraftColumn } from './select-draft.ts'

/** The select list while ORDER BY, GROUP BY and DISTINCT look into it. */
export class TargetList {
  readonly #columns: DraftColumn[]
  readonly #scope: Scope

  constructor(columns: readonly DraftColumn[], scope: Scope) {
    this.#columns = [...columns]
    this.#scope = scope
  }

  list(): readonly DraftColumn[] {
    return this.#columns
  }

  get length(): number {
    return this.#columns.length
  }

  /** The target at a position from 1. A literal that is sorted or grouped by is text from then on. */
  settled(position: number): TypedExpression | undefined {
    const column = this.#columns[position - 1]
    if (column === undefined) return undefined
    const value = settle(this.#scope.context, column.value)
    this.#columns[position - 1] = { ...column, value }
    return value
  }
}

/** The select list or RETURNING, stars written out (parse_target.c, transformTargetList). */
export function bindTargetList(
  nodes: readonly SyntaxNode[] | undefined,
  scope: Scope,
  clause: Clause,
): TargetList {
  const columns = (nodes ?? []).flatMap((node) => {
    if (!('ResTarget' in node)) throw notSupported('this select list', undefined)
    return scope.context.attempt(() => bindTarget(node.ResTarget, scope, clause), [])
  })
  return new TargetList(columns, scope)
}

function bindTarget(target: ResTarget, scope: Scope, clause: Clause): readonly DraftColumn[] {
  const node = target.val
  if (node === undefined) throw notSupported('this select list', undefined)
  if (target.indirection !== undefined) {
    throw areNotSupported('subscripts of output names', scope.context.offsetOf(target.location))
  }
  const star = starMembers(node, scope)
  if (star !== undefined) return star.map(({ name, value }) => draftColumn(name, value, scope))
  const value = scope.context.binders.expression(node, scope, clause)
  return [draftColumn(target.name ?? outputName(node, value.expression), value, scope)]
}

function draftColumn(name: string, value: TypedExpression, scope: Scope): DraftColumn {
  const { expression } = value
  const origin =
    expression.kind === 'ColumnReference'
      ? scope.context.ranges.get(expression.range)?.origin?.(expression.column)
      : undefined
  return { name, value, ...(origin === undefined ? {} : { origin }) }
}
