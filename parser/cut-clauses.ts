import { unreachable } from '../errors/unreachable.ts'
import { asciiLowerCase, canNameRelation } from './keywords.ts'
import type { Edit } from './edited-text.ts'
import { clauseAt, startsAlias } from './questdb-clauses.ts'
import { parseRelationName } from './name.ts'
import { parseLatestOn } from './parse-latest-on.ts'
import { parseSampleBy } from './parse-sample-by.ts'
import { parseTimeSeriesTail } from './parse-time-series-join.ts'
import type { LatestOn, SampleBy, TimeSeriesJoin, TimestampClause } from './query-clauses.ts'
import type { QuerySource } from './query-source.ts'
import type { ExpressionSyntax, Span } from './statement.ts'
import { notSupported } from './syntax-error.ts'
import type { Token } from './token.ts'
import { TokenReader } from './token-reader.ts'

/** A clause that was cut out; in its place stands a name that no one else has said. */
export type CutClause =
  LatestOn | SampleBy | TimeSeriesJoin | (TimestampClause & { readonly alias?: string })

export interface CutClauses {
  readonly edits: readonly Edit[]
  /** By the name that stands for it in the tree. */
  readonly clauses: ReadonlyMap<string, CutClause>
}

/**
 * Cuts QuestDB's clauses out of a query, by token, and leaves in each one's place what PostgreSQL's
 * grammar takes there, so that it says whether a clause may stand there at all: SAMPLE BY is a WINDOW,
 * LATEST ON a GROUP BY, a join by time has a USING, TIMESTAMP(ts) is an alias.
 */
export function cutClauses(
  source: QuerySource,
  read: (part: QuerySource) => ExpressionSyntax,
): CutClauses {
  const cutter = new Cutter(source, read)
  cutter.cut()
  return cutter
}

class Cutter implements CutClauses {
  readonly edits: Edit[] = []
  readonly clauses = new Map<string, CutClause>()
  readonly #source: QuerySource
  readonly #read: (part: QuerySource) => ExpressionSyntax
  readonly #reader: TokenReader
  readonly #quoted: ReadonlySet<string>

  constructor(source: QuerySource, read: (part: QuerySource) => ExpressionSyntax) {
    const { tokens, following } = source
    this.#source = source
    this.#read = read
    this.#reader = new TokenReader(source.source, { tokens, terminator: following })
    this.#quoted = new Set(
      tokens.flatMap((token) => (token.kind === 'QuotedName' ? [token.value] : [])),
    )
  }

  cut(): void {
    while (!this.#reader.isAtEnd) this.#step()
  }

  /** A clause, or a token that begins none. */
  #step(): void {
    const reader = this.#reader
    const clause = clauseAt(this.#source.tokens, reader.index)
    switch (clause) {
      case undefined:
        reader.skip(1)
        return
      case 'SAMPLE BY':
        return this.#sampleBy()
      case 'LATEST ON':
      case 'LATEST BY':
        return this.#latestOn()
      case 'ASOF JOIN':
        return this.#join('ASOF')
      case 'LT JOIN':
        return this.#join('LT')
      case 'TIMESTAMP':
        return this.#timestamp()
      case 'SPLICE JOIN':
      case 'WINDOW JOIN':
      case 'HORIZON JOIN':
      case 'DECLARE inside a statement':
        throw notSupported(clause, reader.peek().start)
      default:
        return unreachable(clause)
    }
  }

  #sampleBy(): void {
    const reader = this.#reader
    const near = spanOf(reader.peek())
    const { tokens } = this.#source
    const clause = parseSampleBy(reader, (from, to) =>
      this.#read({ ...this.#source, tokens: tokens.slice(from, to), following: reader.peek() }),
    )
    this.#replace(clause.span, near, `WINDOW ${this.#mark(clause)} AS ()`)
  }

  /** GROUP BY may follow: both become one. */
  #latestOn(): void {
    const reader = this.#reader
    const near = spanOf(reader.peek())
    const clause = parseLatestOn(reader)
    const isGrouped = reader.acceptWords('GROUP', 'BY')
    const span = { start: clause.span.start, end: reader.previous().end }
    this.#replace(span, near, `GROUP BY ${this.#mark(clause)}${isGrouped ? ',' : ''}`)
  }

  #join(join: TimeSeriesJoin['join']): void {
    const reader = this.#reader
    const word = spanOf(reader.next())
    this.#replace(word, word, '')
    reader.expectWords('JOIN')
    this.#rightSide()
    const { end } = reader.previous()
    const near = spanOf(reader.peek())
    const tail = parseTimeSeriesTail(reader)
    const tailEnd = reader.previous().end
    const span = { start: word.start, end: tailEnd }
    const mark = this.#mark({ kind: 'TimeSeriesJoin', join, ...tail, span })
    this.#replace({ start: end, end: tailEnd }, near, ` USING (${mark})`)
  }

  /** right_side = ( table | "(" ... ")" | function "(" ... ")" ) [ timestamp ] [ [ "AS" ] alias [ "(" ... ")" ] ] ; */
  #rightSide(): void {
    const reader = this.#reader
    if (!reader.atSymbol('(')) {
      parseRelationName(reader)
      while (reader.acceptSymbol('.')) parseRelationName(reader)
    }
    if (reader.atSymbol('(')) this.#parentheses()
    if (clauseAt(this.#source.tokens, reader.index) === 'TIMESTAMP') this.#timestamp()
    else this.#acceptAlias()
    if (reader.atSymbol('(')) this.#parentheses()
  }

  /** Everything up to the parenthesis that closes the one here, the clauses in it cut out. */
  #parentheses(): void {
    const reader = this.#reader
    reader.expectSymbol('(')
    while (!reader.isAtEnd && !reader.atSymbol(')')) {
      if (reader.atSymbol('(')) this.#parentheses()
      else this.#step()
    }
    reader.expectSymbol(')')
  }

  /** timestamp = "TIMESTAMP" "(" column ")" [ [ "AS" ] alias ] ; */
  #timestamp(): void {
    const reader = this.#reader
    const near = spanOf(reader.peek())
    reader.expectWords('TIMESTAMP')
    reader.expectSymbol('(')
    const column = parseRelationName(reader)
    reader.expectSymbol(')')
    const span = { start: near.start, end: reader.previous().end }
    const alias = this.#acceptAlias()
    const clause = {
      kind: 'TimestampClause',
      column,
      span,
      ...(alias === undefined ? {} : { alias }),
    } as const
    const cut = { start: near.start, end: reader.previous().end }
    this.#replace(cut, near, `AS ${this.#mark(clause)}`)
  }

  #acceptAlias(): string | undefined {
    const reader = this.#reader
    if (!reader.acceptWords('AS') && !startsAlias(this.#source.tokens, reader.index)) {
      return undefined
    }
    const token = reader.peek()
    if (token.kind === 'Word' && canNameRelation(token.word)) {
      reader.skip(1)
      return asciiLowerCase(token.text)
    }
    if (token.kind !== 'QuotedName') throw reader.unexpected()
    reader.skip(1)
    return token.value
  }

  #replace({ start, end }: Span, near: Span, text: string): void {
    this.edits.push({ start, end, text, near })
  }

  /** A name in quotes that stands for the clause, and nowhere else in the text. */
  #mark(clause: CutClause): string {
    let name = `clause ${this.clauses.size + 1}`
    while (this.#quoted.has(name)) name += '.'
    this.clauses.set(name, clause)
    return `"${name}"`
  }
}

function spanOf({ start, end }: Token): Span {
  return { start, end }
}
