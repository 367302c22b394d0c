import type { Node as SyntaxNode } from '@pgsql/types'
import type { BoundFromItem } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { notSupported } from '../binding-errors.ts'
import { withVisibility } from '../scope.ts'
import type { NamespaceItem, Scope } from '../scope.ts'
import { checkNameConflicts, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'
import { bindRangeFunction } from './function.ts'
import { bindJoin } from './join.ts'
import { bindRangeVar } from './relation.ts'
import { bindSubselect } from './subquery.ts'
import { withTimestampClause } from './timestamp-clause.ts'

/**
 * FROM (parse_clause.c, transformFromClause): each item sees those to its left if it is LATERAL; all
 * are in scope when the clause is done. Answers with what builds the bound items.
 */
export function bindFromClause(
  nodes: readonly SyntaxNode[] | undefined,
  scope: Scope,
): () => readonly BoundFromItem[] {
  const drafts: FromDraft[] = []
  for (const [index, node] of (nodes ?? []).entries()) {
    const draft = scope.context.attempt(() => bindFromItem(node, scope), undefined)
    if (index === 0) scope.timestamp = draft?.item.timestamp
    if (draft === undefined) {
      scope.items = [...scope.items, failedItem(node)]
      continue
    }
    checkNameConflicts(scope, scope.items, draft.items)
    scope.items = [
      ...scope.items,
      ...withVisibility(draft.items, { lateralOnly: true, lateralAllowed: true }),
    ]
    drafts.push(draft)
  }
  scope.items = withVisibility(scope.items, { lateralOnly: false, lateralAllowed: true })
  return () => drafts.map(({ build }) => build())
}

/** Stands for an item that could not be bound, which is noted: columns of it are no errors of their own. */
function failedItem(node: SyntaxNode): NamespaceItem {
  const [body] = Object.values(node)
  const alias: unknown =
    typeof body === 'object' && body !== null && 'alias' in body ? body.alias : undefined
  const text =
    typeof alias === 'object' && alias !== null && 'aliasname' in alias
      ? String(alias.aliasname)
      : undefined
  return visibleItem({
    ...(text === undefined ? {} : { name: { text, key: foldName(text) } }),
    columns: [],
    missing: () => undefined,
    unknown: true,
  })
}

/** One FROM item. */
export function bindFromItem(node: SyntaxNode, scope: Scope): FromDraft {
  const { timestamps } = scope.context.clauses
  if ('RangeVar' in node) {
    const draft = bindRangeVar(node.RangeVar, scope)
    return withTimestampClause(draft, timestamps.get(node.RangeVar), scope)
  }
  if ('RangeSubselect' in node) {
    const draft = bindSubselect(node.RangeSubselect, scope)
    return withTimestampClause(draft, timestamps.get(node.RangeSubselect), scope)
  }
  if ('RangeFunction' in node) return bindRangeFunction(node.RangeFunction, scope)
  if ('JoinExpr' in node) return bindJoin(node.JoinExpr, scope, bindFromItem)
  throw notSupported('this kind of FROM item', undefined)
}
