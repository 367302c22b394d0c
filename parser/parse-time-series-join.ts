import { parseRelationName } from './name.ts'
import { parseColumnName } from './parse-column-name.ts'
import { parseTimeSpan } from './parse-time-span.ts'
import type { TimeSeriesJoin, TimeSeriesKey, TimeSpan } from './query-clauses.ts'
import type { TokenReader } from './token-reader.ts'

/** What stands behind the right side of a join by time: [ "ON" keys ] [ "TOLERANCE" period ] ; */
export function parseTimeSeriesTail(
  reader: TokenReader,
): Pick<TimeSeriesJoin, 'keys' | 'tolerance'> {
  const keys = atKeys(reader) ? parseKeys(reader) : []
  const tolerance = reader.acceptWords('TOLERANCE') ? parseTolerance(reader) : undefined
  return { keys, ...(tolerance === undefined ? {} : { tolerance }) }
}

/** INSERT ... ON CONFLICT has an ON that is nobody's join. */
function atKeys(reader: TokenReader): boolean {
  if (!reader.atWords('ON')) return false
  const isConflict = reader.atWords('ON', 'CONFLICT')
  return !isConflict || (!reader.atSymbol('(', 2) && !reader.atWords('ON', 'CONFLICT', 'DO'))
}

/** keys = "(" column { "," column } ")" | conditions ; a column alone is one of both sides. */
function parseKeys(reader: TokenReader): readonly TimeSeriesKey[] {
  reader.expectWords('ON')
  const isShared = reader.atSymbol('(') && (reader.atSymbol(',', 2) || reader.atSymbol(')', 2))
  if (!isShared) return parseConditions(reader)
  return reader.parenthesised(() => ({ kind: 'Shared', column: parseRelationName(reader) }))
}

/** conditions = condition { "AND" condition } ; condition = column "=" column | "(" conditions ")" ; */
function parseConditions(reader: TokenReader): readonly TimeSeriesKey[] {
  const keys = [...parseCondition(reader)]
  while (reader.acceptWords('AND')) keys.push(...parseCondition(reader))
  return keys
}

function parseCondition(reader: TokenReader): readonly TimeSeriesKey[] {
  if (reader.acceptSymbol('(')) {
    const keys = parseConditions(reader)
    reader.expectSymbol(')')
    return keys
  }
  const left = parseColumnName(reader)
  if (!reader.atOperator('=')) throw reader.unexpected(onlyEqualities)
  reader.skip(1)
  return [{ kind: 'Equal', left, right: parseColumnName(reader) }]
}

const onlyEqualities = 'ASOF JOIN and LT JOIN take equalities of columns; use WHERE for the rest.'

/** Months and years have no fixed length, as QuestDB says of its own clause. */
function parseTolerance(reader: TokenReader): TimeSpan {
  const { start } = reader.peek()
  const tolerance = parseTimeSpan(reader)
  if (tolerance.unit === 'M' || tolerance.unit === 'y') {
    throw reader.notSupported(`TOLERANCE in ${tolerance.unit === 'M' ? 'months' : 'years'}`, start)
  }
  return tolerance
}
