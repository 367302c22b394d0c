import type { Edit } from './edited-text.ts'
import type { Name, Span, VariableUses } from './statement.ts'
import { syntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

/**
 * The variables among the tokens of a query with DECLARE (V7): an `@` right before a word, by the
 * offset of the `@`. PostgreSQL's lexer takes it for an operator, or for the end of one, as in `a=@v`.
 */
export function findVariables(tokens: readonly Token[], source: string): VariableUses {
  const uses = new Map<number, Name>()
  for (const index of tokens.keys()) {
    const name = variableAt(tokens, index)
    if (name === undefined) continue
    const { start, end } = name.span
    // What stands in for it would be read together with a word or number right before it.
    if (start > 0 && /[A-Za-z0-9_$\u0080-\uffff]/.test(source.charAt(start - 1))) {
      throw syntaxError({ source, start, end }, 'Write a space before the variable.')
    }
    uses.set(start, name)
  }
  return uses
}

/** The variable whose `@` is, or ends, the token at `index`. */
export function variableAt(tokens: readonly Token[], index: number): Name | undefined {
  const at = tokens[index]
  const word = tokens[index + 1]
  if (at?.kind !== 'Operator' || !at.text.endsWith('@')) return undefined
  if (word?.kind !== 'Word' || word.start !== at.end) return undefined
  return { text: word.text, span: { start: at.end - 1, end: word.end } }
}

/**
 * A parameter of the same length in each variable's place, which PostgreSQL's grammar takes wherever a
 * value may stand; they are told from the client's own by their place. Left out are those in a part that
 * is replaced as a whole, and those of other parts of the text.
 */
export function variableEdits(
  uses: VariableUses | undefined,
  others: readonly Edit[],
  { start, end }: Span,
): readonly Edit[] {
  return [...(uses?.values() ?? [])].flatMap(({ span }) => {
    const isElsewhere = span.start < start || span.end > end
    const isCut = others.some((edit) => edit.start <= span.start && span.end <= edit.end)
    if (isElsewhere || isCut) return []
    return [{ ...span, text: '$'.padEnd(span.end - span.start, '0'), near: span }]
  })
}
