import { parseString } from './name.ts'
import { readExpression } from './query-syntax.ts'
import type {
  AlteredTable,
  PartitionAction,
  PartitionSelection,
  SquashPartitions,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * partitions = [ "FORCE" ] "DROP" "PARTITION" selection | "DETACH" "PARTITION" selection
 *            | "ATTACH" "PARTITION" list | "SQUASH" "PARTITIONS" ;
 *
 * FORCE and ATTACH take a list only, as in QuestDB.
 */
export function parsePartitionAction(
  reader: TokenReader,
  table: AlteredTable,
): PartitionAction | SquashPartitions | undefined {
  if (reader.acceptWords('SQUASH', 'PARTITIONS')) return { kind: 'SquashPartitions', ...table }
  if (reader.acceptWords('FORCE', 'DROP', 'PARTITION')) {
    return { kind: 'DropPartition', ...table, force: true, selection: parseList(reader) }
  }
  if (isPartitionAhead(reader, 'DROP')) {
    reader.skip(2)
    return { kind: 'DropPartition', ...table, force: false, selection: parseSelection(reader) }
  }
  if (reader.acceptWords('DETACH', 'PARTITION')) {
    return { kind: 'DetachPartition', ...table, selection: parseSelection(reader) }
  }
  if (reader.acceptWords('ATTACH', 'PARTITION')) {
    return { kind: 'AttachPartition', ...table, selection: parseList(reader) }
  }
  return undefined
}

/** DROP PARTITION alone drops a column of that name. */
function isPartitionAhead(reader: TokenReader, verb: string): boolean {
  return reader.atWords(verb, 'PARTITION', 'LIST') || reader.atWords(verb, 'PARTITION', 'WHERE')
}

/** selection = list | "WHERE" condition ; */
function parseSelection(reader: TokenReader): PartitionSelection {
  if (!reader.acceptWords('WHERE')) return parseList(reader)
  const from = reader.index
  if (reader.isAtEnd) throw reader.unexpected()
  reader.skipToEnd()
  const condition = readExpression({
    source: reader.source,
    tokens: reader.tokens(from),
    following: reader.peek(),
  })
  return { kind: 'Matching', condition }
}

/** list = "LIST" string { "," string } ; */
function parseList(reader: TokenReader): Extract<PartitionSelection, { readonly kind: 'Named' }> {
  reader.expectWords('LIST')
  return { kind: 'Named', names: reader.list(() => parseString(reader)) }
}
