/** Values as PostgreSQL writes them: what a cast to text gives. */
import { unreachable } from '../../errors/unreachable.ts'
import type { BoundExpression } from '../bound.ts'
import type { ScalarType, ScalarTypeName, SqlType, SqlValue } from '../sql-type.ts'
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
      return arrayText(sql, type.element, dimensionsOf(expression))
    case 'Record':
      return recordText(sql, type.fields)
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
function arrayText(sql: string, element: ScalarType, dimensions: number): string {
  const items = mapList(sql, [], (item) => {
    const text =
      dimensions > 1 ? arrayText(item, element, dimensions - 1) : elementText(item, element)
    return `CASE WHEN ${item} IS NULL THEN 'NULL' ELSE ${text} END`
  })
  return `('{' || array_to_string(${items}, ',') || '}')`
}

/** How deep the lists of a written array are; arrays of columns and functions have one dimension. */
function dimensionsOf(expression: BoundExpression | undefined): number {
  if (expression?.kind === 'Cast') return dimensionsOf(expression.operand)
  if (expression?.kind === 'ArrayConstructor') {
    const [first] = expression.elements
    return first?.type?.kind === 'Array' ? 1 + dimensionsOf(first) : 1
  }
  return expression?.kind === 'Constant' ? Math.max(depthOf(expression.value), 1) : 1
}

function depthOf(value: SqlValue): number {
  if (!Array.isArray(value)) return 0
  const [first = null]: readonly SqlValue[] = value
  return 1 + depthOf(first)
}

function elementText(item: string, element: ScalarType): string {
  const text = memberText(item, element)
  if (writtenBare.has(element.name)) return text
  const escaped = `'"' || regexp_replace(${text}, '(["\\\\])', '\\\\\\1', 'g') || '"'`
  const isPlain = `regexp_full_match(${text}, '[^\\s{},"\\\\]+') AND lower(${text}) <> 'null'`
  return `CASE WHEN ${isPlain} THEN ${text} ELSE ${escaped} END`
}

/** Types of which no value needs quotes in an array or a row. */
const writtenBare: ReadonlySet<ScalarTypeName> = new Set([
  'bool',
  'int2',
  'int4',
  'int8',
  'oid',
  'float4',
  'float8',
  'numeric',
  'time',
  'uuid',
])

/** A value within an array or a row, where booleans are `t` and `f`. */
function memberText(sql: string, type: SqlType): string {
  const isBoolean = type.kind === 'Scalar' && type.name === 'bool'
  if (isBoolean) return `CASE ${sql} WHEN true THEN 't' WHEN false THEN 'f' END`
  // Blank-padded text keeps its spaces here.
  return type.kind === 'Scalar' && type.name === 'bpchar' ? sql : textOf({ sql, type })
}

/** `(1,,"a b")` (PostgreSQL, "Composite Type Input and Output Syntax"). */
function recordText(sql: string, fields: readonly SqlType[]): string {
  return withValues([sql], (value) => {
    const texts = fields.map((field, index) => {
      const text = memberText(`struct_extract(${value}, ${index + 1})`, field)
      const escaped = `'"' || regexp_replace(${text}, '(["\\\\])', '\\1\\1', 'g') || '"'`
      const isPlain = `regexp_full_match(${text}, '[^\\s(),"\\\\]+')`
      return `CASE WHEN ${text} IS NULL THEN '' WHEN ${isPlain} THEN ${text} ELSE ${escaped} END`
    })
    const inner = texts.length === 0 ? "''" : texts.join(" || ',' || ")
    return `CASE WHEN ${value} IS NOT NULL THEN '(' || ${inner} || ')' END`
  })
}
