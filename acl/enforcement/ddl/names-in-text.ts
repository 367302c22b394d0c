import type { Node as SyntaxNode } from '@pgsql/types'
import type { ExpressionSyntax } from '../../../parser/statement.ts'
import { foldName } from '../../names.ts'
import type { Column, NamedInText } from '../../schema.ts'
import { stringsOf } from '../syntax.ts'

/**
 * Where the text of an expression names columns, in order: what is kept with a table must still be said
 * when the table or a column has another name. A reference that is spelled in a way of its own (unicode
 * escapes, comments inside) is left out.
 */
export function namesInText(
  syntax: ExpressionSyntax,
  columns: readonly Column[],
): readonly NamedInText[] {
  const found: NamedInText[] = []
  for (const { fields = [], location } of columnReferences(syntax.tree)) {
    const offset = syntax.offsetOf(location)
    const words = stringsOf(fields)
    const key = foldName(words.at(-1) ?? '')
    const column = columns.find((one) => one.key === key)
    if (offset === undefined || column === undefined) continue
    const start = offset - syntax.start
    const end = endOfReference(syntax.text, start, words)
    if (end !== undefined) found.push({ start, end, attnum: column.attnum, words })
  }
  return found.toSorted((a, b) => a.start - b.start)
}

const nameToken = /"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const dot = /\s*\.\s*/y

/** Where `a`, `t.a` or `"s".t` ends; undefined if it is not spelled plainly. */
export function endOfReference(
  text: string,
  start: number,
  words: readonly string[],
): number | undefined {
  let at = start
  for (const [place, word] of words.entries()) {
    if (place > 0) {
      const separator = matchAt(dot, text, at)
      if (separator === undefined) return undefined
      at += separator.length
    }
    const written = matchAt(nameToken, text, at)
    if (written === undefined || foldName(unquoted(written)) !== foldName(word)) return undefined
    at += written.length
  }
  return at
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function unquoted(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}

type ColumnReference = Extract<SyntaxNode, { readonly ColumnRef: unknown }>['ColumnRef']

function columnReferences(node: unknown): readonly ColumnReference[] {
  if (typeof node !== 'object' || node === null) return []
  if (isColumnReference(node)) return [node.ColumnRef]
  return Object.values(node).flatMap(columnReferences)
}

function isColumnReference(node: object): node is { readonly ColumnRef: ColumnReference } {
  return 'ColumnRef' in node
}
