import type { Type } from '@duckdb/node-bindings'
import type { ScalarType, ScalarTypeName, SqlType } from '../../sql-type.ts'
import type { WireFormat } from '../../store.ts'
import { TypeId } from '../engine-type.ts'
import type { EngineType } from '../engine-type.ts'
import { anyColumn } from './any-column.ts'
import type { ColumnEncoder } from './column-writer.ts'
import { float4Text, float8Text } from './float-columns.ts'
import {
  boolBinary,
  boolText,
  int2Binary,
  int2Text,
  int4Text,
  int8Text,
  oidText,
  word4Binary,
  word8Binary,
} from './integer-columns.ts'
import { smallNumericText } from './numeric-columns.ts'
import { blobBinary, stringBytes } from './string-columns.ts'
import {
  dateBinary,
  dateText,
  timestampBinary,
  timestampText,
  timestamptzText,
} from './time-columns.ts'

/** The encoder of one column, chosen once a result. */
export function chooseColumn(
  given: { readonly engineType: EngineType; readonly sqlType: SqlType },
  format: WireFormat,
  timeZone: string,
): ColumnEncoder {
  return fastColumn(given, format, timeZone) ?? anyColumn(given, format, timeZone)
}

function fastColumn(
  { engineType, sqlType }: { readonly engineType: EngineType; readonly sqlType: SqlType },
  format: WireFormat,
  timeZone: string,
): ColumnEncoder | undefined {
  if (sqlType.kind !== 'Scalar') return undefined
  if (engineType.kind === 'Decimal') return decimalColumn(engineType, sqlType, format)
  if (engineType.kind !== 'Plain') return undefined
  // Only where the engine's type is the declared type's own: a wider one has to be checked.
  const row = fastColumns[sqlType.name]
  if (row?.id !== engineType.id) return undefined
  if (format === 'binary') return row.binary
  return sqlType.name === 'timestamptz' ? timestamptzText(timeZone) : row.text
}

function decimalColumn(
  engineType: EngineType & { readonly kind: 'Decimal' },
  sqlType: ScalarType,
  format: WireFormat,
): ColumnEncoder | undefined {
  if (sqlType.name !== 'numeric' || format === 'binary') return undefined
  return smallNumericText(engineType, sqlType)
}

const fastColumns: Partial<
  Record<
    ScalarTypeName,
    { readonly id: Type; readonly text?: ColumnEncoder; readonly binary?: ColumnEncoder }
  >
> = {
  bool: { id: TypeId.BOOLEAN, text: boolText, binary: boolBinary },
  int2: { id: TypeId.SMALLINT, text: int2Text, binary: int2Binary },
  int4: { id: TypeId.INTEGER, text: int4Text, binary: word4Binary },
  oid: { id: TypeId.UINTEGER, text: oidText, binary: word4Binary },
  int8: { id: TypeId.BIGINT, text: int8Text, binary: word8Binary },
  float4: { id: TypeId.FLOAT, text: float4Text, binary: word4Binary },
  float8: { id: TypeId.DOUBLE, text: float8Text, binary: word8Binary },
  text: { id: TypeId.VARCHAR, text: stringBytes, binary: stringBytes },
  varchar: { id: TypeId.VARCHAR, text: stringBytes, binary: stringBytes },
  name: { id: TypeId.VARCHAR, text: stringBytes, binary: stringBytes },
  json: { id: TypeId.VARCHAR, text: stringBytes, binary: stringBytes },
  bytea: { id: TypeId.BLOB, binary: blobBinary },
  date: { id: TypeId.DATE, text: dateText, binary: dateBinary },
  time: { id: TypeId.TIME, binary: word8Binary },
  timestamp: { id: TypeId.TIMESTAMP, text: timestampText, binary: timestampBinary },
  timestamptz: { id: TypeId.TIMESTAMP_TZ, binary: timestampBinary },
}
