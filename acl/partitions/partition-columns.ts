/** The columns of SHOW PARTITIONS and table_partitions(): QuestDB's, in its order. */
import type { SqlType } from '../../store/sql-type.ts'
import { booleanColumn, integerColumn, textColumn, type ListingColumn } from '../listing.ts'

const bigint = (name: string): ListingColumn => ({ name, type: { kind: 'Scalar', name: 'int8' } })

export function partitionColumns(timestamp: SqlType): readonly ListingColumn[] {
  return [
    integerColumn('index'),
    textColumn('partitionBy'),
    textColumn('name'),
    { name: 'minTimestamp', type: timestamp },
    { name: 'maxTimestamp', type: timestamp },
    bigint('numRows'),
    bigint('diskSize'),
    textColumn('diskSizeHuman'),
    booleanColumn('readOnly'),
    booleanColumn('active'),
    booleanColumn('attached'),
    booleanColumn('detached'),
    booleanColumn('attachable'),
    booleanColumn('isParquet'),
    bigint('parquetFileSize'),
  ]
}
