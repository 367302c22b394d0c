import { parseColumnName } from './parse-column-name.ts'
import type { LatestOn } from './query-clauses.ts'
import type { TokenReader } from './token-reader.ts'

/** latest_on = "LATEST" ( "ON" column "PARTITION" "BY" | "BY" ) column { "," column } ; */
export function parseLatestOn(reader: TokenReader): LatestOn {
  const { start } = reader.peek()
  reader.expectWords('LATEST')
  const timestamp = reader.acceptWords('BY') ? undefined : parseTimestamp(reader)
  const keys = reader.list(() => parseColumnName(reader))
  return {
    kind: 'LatestOn',
    ...(timestamp === undefined ? {} : { timestamp }),
    keys,
    span: { start, end: reader.previous().end },
  }
}

function parseTimestamp(reader: TokenReader): LatestOn['keys'][number] {
  reader.expectWords('ON')
  const timestamp = parseColumnName(reader)
  reader.expectWords('PARTITION', 'BY')
  return timestamp
}
