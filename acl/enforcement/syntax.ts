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

/** Where a node begins, as exprLocation would say: its own location, else that of what it starts with. */
export function locationOf(node: SyntaxNode | undefined): number | undefined {
  if (node === undefined) return undefined
  const found = Object.values(node).find((value) => typeof value === 'object' && value !== null)
  if (typeof found !== 'object' || found === null) return undefined
  if ('location' in found && typeof found.location === 'number') return Math.max(found.location, 0)
  return 'location' in found ? undefined : undefined
}
