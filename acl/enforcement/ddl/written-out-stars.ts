import type { Node as SyntaxNode, SelectStmt } from '@pgsql/types'
import type { QuerySyntax } from '../../../parser/statement.ts'
import { quotedColumn } from '../../sql-text.ts'
import type { BindContext } from '../bind-context.ts'
import { stringsOf } from '../syntax.ts'
import { endOfReference } from './names-in-text.ts'

/**
 * A view's query with the stars of its output written out: its columns are fixed (V5), so that its text
 * must mean the same when the tables have more. Stars inside are left: nothing comes out of them by itself.
 */
export function withStarsWrittenOut(syntax: QuerySyntax<SelectStmt>, context: BindContext): string {
  const { text, start, offsetOf } = syntax
  let result = ''
  let written = 0
  for (const reference of outputStars(syntax.tree)) {
    const names = context.stars.get(reference)
    const offset = offsetOf(reference.location)
    const place =
      offset === undefined
        ? tableAt(text, written)
        : starAt(text, offset - start, stringsOf(reference.fields))
    if (names === undefined || place === undefined) continue
    const columns = names.map(({ table, name }) => {
      const qualifier = table === undefined ? '' : `${quotedColumn(table)}.`
      return `${place.qualifier ?? qualifier}${quotedColumn(name)}`
    })
    const { before = '', behind = '' } = place
    result += text.slice(written, place.start) + before + columns.join(', ') + behind
    written = place.end
  }
  return result + text.slice(written)
}

/** What a list of columns takes the place of. */
interface StarPlace {
  readonly start: number
  readonly end: number
  /** What each column has in front, as the author wrote it. */
  readonly qualifier?: string
  readonly before?: string
  readonly behind?: string
}

/** `TABLE t`: a star that is not written; where the text begins so. */
function tableAt(text: string, written: number): StarPlace | undefined {
  const word = written === 0 ? /^TABLE\b/i.exec(text)?.[0] : undefined
  if (word === undefined) return undefined
  return { start: 0, end: word.length, before: 'SELECT ', behind: ' FROM' }
}

/** `*` or `t.*`: where it ends, and what it begins with. */
function starAt(text: string, start: number, words: readonly string[]): StarPlace | undefined {
  if (words.length === 0) return text[start] === '*' ? { start, end: start + 1 } : undefined
  const nameEnd = endOfReference(text, start, words)
  const star = nameEnd === undefined ? null : /^\s*\.\s*\*/.exec(text.slice(nameEnd))
  if (nameEnd === undefined || star === null) return undefined
  return { start, end: nameEnd + star[0].length, qualifier: `${text.slice(start, nameEnd)}.` }
}

type ColumnReference = Extract<SyntaxNode, { readonly ColumnRef: unknown }>['ColumnRef']

/** The stars in the select lists whose columns come out, in the order of the text. */
function outputStars(query: SelectStmt): readonly ColumnReference[] {
  const { larg, rarg, targetList = [] } = query
  if (larg !== undefined && rarg !== undefined) return [...outputStars(larg), ...outputStars(rarg)]
  return targetList.flatMap((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined
    if (value === undefined || !('ColumnRef' in value)) return []
    const last = value.ColumnRef.fields?.at(-1)
    return last !== undefined && 'A_Star' in last ? [value.ColumnRef] : []
  })
}
