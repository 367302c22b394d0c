import { parseQualifiedName, parseRelationName } from './name.ts'
import type { Reindex, Vacuum } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * reindex = "REINDEX" "TABLE" table [ "COLUMN" column { "," column } ]
 *           [ "PARTITION" partition { "," partition } ] [ "LOCK" "EXCLUSIVE" ] ;
 *
 * QuestDB asks for LOCK EXCLUSIVE; what it says holds for every change of a table here.
 */
export function parseReindex(reader: TokenReader): Reindex {
  if (!reader.atWords('REINDEX', 'TABLE')) throw reader.notSupported('REINDEX')
  reader.skip(2)
  if (reader.atWords('CONCURRENTLY')) throw reader.notSupported('REINDEX ... CONCURRENTLY')
  const table = parseQualifiedName(reader)
  const columns = reader.acceptWords('COLUMN')
    ? reader.list(() => parseRelationName(reader))
    : undefined
  const { start } = reader.peek()
  const isPartial = reader.acceptWords('PARTITION')
  if (isPartial) reader.list(() => parseRelationName(reader))
  const { end } = reader.previous()
  if (reader.acceptWords('LOCK')) reader.expectWords('EXCLUSIVE')
  return {
    kind: 'Reindex',
    table,
    ...(columns === undefined ? {} : { columns }),
    ...(isPartial ? { partition: { span: { start, end } } } : {}),
  }
}

/** vacuum = "VACUUM" "TABLE" table ; PostgreSQL's forms, which are about other things, are not ours. */
export function parseVacuum(reader: TokenReader): Vacuum {
  if (!reader.atWords('VACUUM', 'TABLE')) {
    throw reader.notSupported('VACUUM', reader.start, 'Use VACUUM TABLE t.')
  }
  reader.skip(2)
  return { kind: 'Vacuum', table: parseQualifiedName(reader) }
}
