import type { SetTimeToLive, TimeToLive as TimeToLiveSyntax } from '../../../parser/statement.ts'
import { partitionUnit } from '../../partitions/partition-unit.ts'
import { checkTimeToLive } from '../../partitions/time-to-live.ts'
import type { Table, TimeToLive } from '../../schema.ts'
import { requireAltered } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/**
 * ALTER TABLE t SET TTL: SET TABLE PARAM on it. What is too old by the new rule goes when the statement's
 * transaction is committed, as after any write (server/session/expiry.ts).
 */
export function bindSetTimeToLive(statement: SetTimeToLive, draft: SchemaDraft): void {
  const named = requireAltered(draft, statement, 'SET TABLE PARAM')
  if (named === undefined) return
  const { name, table } = named
  draft.needRelation('SET TABLE PARAM', name)
  const timeToLive =
    statement.ttl === undefined ? undefined : definedTimeToLive(statement.ttl, table)
  draft.change({
    kind: 'AlterStorage',
    relation: name,
    oid: table.oid,
    patch: { timeToLive: timeToLive ?? null },
  })
}

/** What a TTL clause comes to; zero is none. @throws SqlError 22023 */
export function definedTimeToLive(
  { amount, unit, span }: TimeToLiveSyntax,
  table: Pick<Table, 'partitionBy' | 'designatedTimestamp'>,
): TimeToLive | undefined {
  checkTimeToLive({ amount, unit }, partitionUnit(table), span.start)
  return amount === 0 ? undefined : { amount, unit }
}
