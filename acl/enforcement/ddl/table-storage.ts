import type { Name, StorageParameters, TableStorage } from '../../../parser/statement.ts'
import type { Column, Table } from '../../schema.ts'
import { foldName } from '../../names.ts'
import { typeText } from '../../types/type-name.ts'
import { defineDedupKeys } from './dedup.ts'
import { defineParameters } from './alter-storage.ts'
import { definedTimeToLive } from './time-to-live.ts'
import { columnIndex, requireSymbol } from './column-storage.ts'
import {
  datatypeMismatch,
  invalidTableDefinition,
  unknownColumn,
  wrongObject,
} from '../binding-errors.ts'

/** What QuestDB's storage clauses come to. */
export type StorageOfTable = Pick<
  Table,
  'designatedTimestamp' | 'partitionBy' | 'wal' | 'dedupKeys' | 'parameters' | 'timeToLive'
>

/** timestamp(c), PARTITION BY, WAL, DEDUP UPSERT KEYS. */
export function defineStorage(
  storage: TableStorage,
  columns: readonly Column[],
  constraints: Table['constraints'] = [],
): StorageOfTable {
  const { timestamp, partitionBy } = storage
  const designated = timestamp === undefined ? undefined : timestampColumn(timestamp, columns)
  const isPartitioned = partitionBy !== undefined && partitionBy !== 'NONE'
  if (isPartitioned && designated === undefined) {
    throw invalidTableDefinition(
      'partitioning is possible only on tables with designated timestamps',
      undefined,
    )
  }
  const designatedField = designated === undefined ? {} : { designatedTimestamp: designated }
  const wal = storage.wal ?? isPartitioned
  if (storage.dedupKeys !== undefined && !wal) {
    throw wrongObject(
      'deduplication is possible only on WAL tables',
      storage.dedupKeys[0]?.span.start,
    )
  }
  return {
    ...designatedField,
    ...(partitionBy === undefined ? {} : { partitionBy }),
    wal,
    dedupKeys:
      storage.dedupKeys === undefined
        ? []
        : defineDedupKeys(storage.dedupKeys, { columns, constraints, ...designatedField }),
    ...timeToLiveField(storage, designated),
    ...(storage.parameters === undefined ? {} : parametersField(storage.parameters)),
  }
}

function timeToLiveField(
  { ttl, partitionBy }: TableStorage,
  designatedTimestamp: number | undefined,
): Pick<Table, 'timeToLive'> {
  if (ttl === undefined) return {}
  const timeToLive = definedTimeToLive(ttl, {
    ...(partitionBy === undefined ? {} : { partitionBy }),
    ...(designatedTimestamp === undefined ? {} : { designatedTimestamp }),
  })
  return timeToLive === undefined ? {} : { timeToLive }
}

/** Parameters that are PostgreSQL's alone leave nothing to keep. */
function parametersField(given: StorageParameters): Pick<Table, 'parameters'> {
  const parameters = defineParameters(given)
  return Object.keys(parameters).length === 0 ? {} : { parameters }
}

/** `, INDEX(c CAPACITY n)`: the columns with their indexes. */
export function withIndexes(
  columns: readonly Column[],
  { indexes = [] }: TableStorage,
): readonly Column[] {
  let indexed = columns
  for (const { column: written, capacity, span } of indexes) {
    const column = columnNamed(written, indexed)
    requireSymbol(column, 'indexes are', written.span.start)
    if (column.index !== undefined) {
      throw invalidTableDefinition(`column '${column.name}' already indexed`, span.start)
    }
    const index = columnIndex(capacity)
    indexed = indexed.map((other) => (other === column ? { ...column, index } : other))
  }
  return indexed
}

function columnNamed({ text, span }: Name, columns: readonly Column[]): Column {
  const column = columns.find(({ key }) => key === foldName(text))
  if (column === undefined) throw unknownColumn(text, span.start)
  return column
}

function timestampColumn(name: Name, columns: readonly Column[]): number {
  const { attnum, type } = columnNamed(name, columns)
  const isTimestamp =
    type.kind === 'Scalar' && (type.name === 'timestamp' || type.name === 'timestamptz')
  if (!isTimestamp) {
    throw datatypeMismatch(
      `TIMESTAMP column expected [actual=${typeText(type)}, columnName=${name.text}]`,
      name.span.start,
    )
  }
  return attnum
}
