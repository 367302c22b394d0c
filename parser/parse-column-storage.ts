import { parseIntegerLiteral } from './parse-type-name.ts'
import type { ColumnDefinition, IndexOptions, SymbolOptions } from './statement.ts'
import { malformed } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/** What stands behind the type of a SYMBOL column. */
export type ColumnStorage = Pick<ColumnDefinition, 'symbol' | 'index'>

/** symbol_options = { "CAPACITY" n | "CACHE" | "NOCACHE" | "INDEX" [ "CAPACITY" n ] } ; each once */
export function parseColumnStorage(reader: TokenReader): ColumnStorage {
  let symbol: SymbolOptions = {}
  let index: IndexOptions | undefined
  for (;;) {
    const { start } = reader.peek()
    if (reader.acceptWords('CAPACITY')) {
      once(symbol.capacity, 'CAPACITY', start)
      symbol = { ...symbol, capacity: parseIntegerLiteral(reader) }
    } else if (reader.atWords('CACHE') || reader.atWords('NOCACHE')) {
      once(symbol.cached, 'CACHE', start)
      symbol = { ...symbol, cached: reader.acceptWords('CACHE') }
      if (symbol.cached !== true) reader.skip(1)
    } else if (reader.acceptWords('INDEX')) {
      once(index, 'INDEX', start)
      index = parseIndexOptions(reader, start)
    } else {
      const isSaid = symbol.capacity !== undefined || symbol.cached !== undefined
      return { ...(isSaid ? { symbol } : {}), ...(index === undefined ? {} : { index }) }
    }
  }
}

/** [ "CAPACITY" n ] ; INDEX has been read. */
function parseIndexOptions(reader: TokenReader, start: number): IndexOptions {
  const capacity = reader.acceptWords('CAPACITY') ? parseIntegerLiteral(reader) : undefined
  const span = { start, end: reader.previous().end }
  return { span, ...(capacity === undefined ? {} : { capacity }) }
}

function once(value: unknown, word: string, offset: number): void {
  if (value !== undefined) throw malformed(`${word} is given twice`, offset)
}
