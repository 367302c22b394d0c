import { parseRelationName } from './name.ts'
import type { AlteredTable, SetDeduplication } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * dedup = "DEDUP" ( "ENABLE" "UPSERT" "KEYS" "(" column { "," column } ")" | "DISABLE" ) ;
 *
 * DEDUP is the next word, behind the table of ALTER TABLE.
 */
export function parseDedup(reader: TokenReader, table: AlteredTable): SetDeduplication {
  reader.expectWords('DEDUP')
  if (reader.acceptWords('DISABLE')) return { kind: 'SetDeduplication', ...table }
  reader.expectWords('ENABLE', 'UPSERT', 'KEYS')
  const keys = reader.parenthesised(() => parseRelationName(reader))
  return { kind: 'SetDeduplication', ...table, keys }
}
