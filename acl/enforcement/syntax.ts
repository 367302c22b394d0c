import type { Alias, Node as SyntaxNode } from '@pgsql/types'

/** The text of a String node; `undefined` for any other. */
export function stringOf(node: SyntaxNode | undefined): string | undefined {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : undefined
}

/** The texts of a list of String nodes: a qualified name, a column list. */
export function stringsOf(nodes: readonly SyntaxNode[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => {
    const text = stringOf(node)
    return text === undefined ? [] : [text]
  })
}

/** The names in `AS x (a, b)`. */
export function aliasColumnNames(alias: Alias | undefined): readonly string[] {
  return stringsOf(alias?.colnames)
}

/** The items of a List node; any other node is a list of itself. */
export function itemsOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (node === undefined) return []
  return 'List' in node ? (node.List.items ?? []) : [node]
}

/** Where a node begins (exprLocation): its own place, or that of what it begins with. */
export function locationOf(node: SyntaxNode | undefined): number | undefined {
  if (node === undefined) return undefined
  const own = ownLocation(node)
  const first = firstPart(node)
  const inner = first === undefined ? undefined : locationOf(first)
  if (own === undefined || inner === undefined) return own ?? inner
  return Math.min(own, inner)
}

function ownLocation(node: SyntaxNode): number | undefined {
  for (const body of Object.values(node)) {
    const isPlaced = typeof body === 'object' && body !== null && 'location' in body
    if (isPlaced && typeof body.location === 'number' && body.location >= 0) return body.location
  }
  return undefined
}

/** The operand that stands before a node's own word, if any. */
function firstPart(node: SyntaxNode): SyntaxNode | undefined {
  if ('A_Expr' in node) return node.A_Expr.lexpr
  if ('BoolExpr' in node) return node.BoolExpr.args?.[0]
  if ('NullTest' in node) return node.NullTest.arg
  if ('BooleanTest' in node) return node.BooleanTest.arg
  if ('TypeCast' in node) return node.TypeCast.arg
  if ('CollateClause' in node) return node.CollateClause.arg
  if ('SubLink' in node) return node.SubLink.testexpr
  return 'A_Indirection' in node ? node.A_Indirection.arg : undefined
}
