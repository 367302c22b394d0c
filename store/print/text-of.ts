/** Values as PostgreSQL writes them: what a cast to text gives. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarTypeName, SqlType } from '../sql-type.ts'
import { declaredShape, shapeOf, wideShape } from './decimal-shape.ts'
import type { DecimalShape } from './decimal-shape.ts'
import { float4Text, float8Text } from './float-text.ts'
import { intervalText } from './interval-text.ts'
import type { Operand } from './printer.ts'
import { mapList, withValues } from './single-use.ts'

/** The text of an operand; NULL for NULL. */
export function textOf({ sql, type, expression }: Operand): string {
  if (type === undefined) return `CAST(${sql} AS VARCHAR)`
  switch (type.kind) {
    case 'Scalar':
      if (type.name !== 'numeric') return scalarText(sql, type.name)
      return numericText(sql, shapeOf(expression) ?? declaredShape({ type }))
    case 'Array':
      return arrayText(sql, type.element)
    case 'Record':
      throw recordText()
    default:
      return unreachable(type)
  }
}

function scalarText(sql: string, name: ScalarTypeName): string {
  switch (name) {
    case 'text':
    case 'varchar':
    case 'name':
      return sql
    case 'bpchar':
      return `rtrim(${sql}, ' ')`
    case 'bool':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
    case 'time':
    case 'uuid':
    case 'json':
      return `CAST(${sql} AS VARCHAR)`
    case 'numeric':
      return numericText(sql, undefined)
    case 'float4':
      return float4Text(sql)
    case 'float8':
      return float8Text(sql)
    case 'bytea':
      return `('\\x' || lower(hex(${sql})))`
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      // The engine writes `0044-03-15 (BC) 10:00:00`.
      return `regexp_replace(CAST(${sql} AS VARCHAR), '^(.*) \\(BC\\)(.*)$', '\\1\\2 BC')`
    case 'interval':
      return intervalText(sql)
    default:
      return unreachable(name)
  }
}

/** Zeros that only the engine's 18 digits add are taken off; those of a known scale stay. */
function numericText(sql: string, shape: DecimalShape | undefined): string {
  // The engine writes `.5` where all digits are after the point.
  const isFraction = shape === undefined || shape.precision === shape.scale
  const cast = `CAST(${sql} AS VARCHAR)`
  const text = isFraction ? `regexp_replace(${cast}, '^(-?)\\.', '\\10.')` : cast
  if (shape !== undefined && shape.scale < wideShape.scale) return text
  return withValues([text], (digits) => {
    const stripped = `regexp_replace(${digits}, '(\\.[0-9]*[1-9])0+$|\\.0+$', '\\1')`
    return `CASE WHEN regexp_matches(${digits}, '\\.[0-9]{18}') THEN ${stripped} ELSE ${digits} END`
  })
}

/** `{1,NULL,"a b"}` (PostgreSQL, "Array Input and Output Syntax"). */
function arrayText(sql: string, element: SqlType): string {
  const items = mapList(sql, [], (item) => {
    const text = textOf({ sql: item, type: element })
    return `CASE WHEN ${item} IS NULL THEN 'NULL' ELSE ${needsNoQuotes(element) ? text : quoted(text)} END`
  })
  return `('{' || array_to_string(${items}, ',') || '}')`
}

function needsNoQuotes(type: SqlType): boolean {
  if (type.kind !== 'Scalar') return false
  return ![
    'text',
    'varchar',
    'bpchar',
    'name',
    'json',
    'timestamp',
    'timestamptz',
    'interval',
    'date',
    'bytea',
  ].includes(type.name)
}

function quoted(text: string): string {
  const escaped = `'"' || regexp_replace(${text}, '(["\\\\])', '\\\\\\1', 'g') || '"'`
  const isPlain = `regexp_full_match(${text}, '[^\\s{},"\\\\]+') AND lower(${text}) <> 'null'`
  return `CASE WHEN ${isPlain} THEN ${text} ELSE ${escaped} END`
}

function recordText(): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'a row as text is not supported')
}
