import { parsePostgresStatement } from './parse-data-statement.ts'
import { startsQuery } from './parse-query.ts'
import type { Explain } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** explain = "EXPLAIN" ( query | insert | update | delete ) ; options are refused by name. */
export function parseExplain(reader: TokenReader): Explain {
  reader.expectWords('EXPLAIN')
  for (const option of ['ANALYZE', 'ANALYSE', 'VERBOSE'] as const) {
    if (reader.atWords(option)) {
      const shown = option === 'ANALYSE' ? 'ANALYZE' : option
      throw reader.notSupported(`EXPLAIN ${shown}`, reader.peek().start)
    }
  }
  const option = reader.peek(1)
  if (reader.atSymbol('(') && option.kind === 'Word' && !startsQuery(reader, 1)) {
    throw reader.notSupported(`EXPLAIN (${option.word})`, option.start)
  }
  return { kind: 'Explain', statement: parsePostgresStatement(reader, 'EXPLAIN ') }
}
