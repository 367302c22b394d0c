import type { Name, VariableUses } from './statement.ts'
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
 * The text with a parameter of the same length in each variable's place, which PostgreSQL's grammar
 * takes wherever a value may stand. They are told from the client's own by their place.
 */
export function cutVariables(text: string, start: number, uses: VariableUses): string {
  let cut = ''
  let from = 0
  for (const { span } of uses.values()) {
    cut += text.slice(from, span.start - start) + '$'.padEnd(span.end - span.start, '0')
    from = span.end - start
  }
  return cut + text.slice(from)
}
