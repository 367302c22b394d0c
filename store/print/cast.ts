/** Casts with PostgreSQL's meaning. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { Cast } from '../bound.ts'
import type { ArrayType, ScalarType, SqlType } from '../sql-type.ts'
import { decimalType, integerDigits, wideShape } from './decimal-shape.ts'
import { operandOf } from './printer.ts'
import type { Operand, Printer } from './printer.ts'
import { mapList } from './single-use.ts'
import { fitLength } from './text-length.ts'
import { textOf } from './text-of.ts'
import {
  arrayFromText,
  booleanFromText,
  bytesFromText,
  floatFromText,
  integerFromText,
  numericFromText,
} from './from-text.ts'
import { engineType, familyOf, scalarName } from './type.ts'

export function printCast(printer: Printer, { operand, type, assignment }: Cast): string {
  const isConstantNull = operand.kind === 'Constant' && operand.value === null
  if (isConstantNull) return `CAST(NULL AS ${engineType(type)})`
  return castOperand(operandOf(printer, operand), type, assignment === true)
}

function castOperand(operand: Operand, type: SqlType, isAssignment: boolean): string {
  switch (type.kind) {
    case 'Scalar':
      return castToScalar(operand, type, isAssignment)
    case 'Array':
      return castToArray(operand, type, isAssignment)
    case 'Record':
      if (operand.type?.kind === 'Record') return operand.sql
      throw unsupportedCast()
    default:
      return unreachable(type)
  }
}

function castToScalar(operand: Operand, type: ScalarType, isAssignment: boolean): string {
  const isFromText = familyOf(operand.type) === 'Text' || familyOf(operand.type) === 'Padded'
  switch (type.name) {
    case 'text':
      return textOf(operand)
    case 'name':
      return castToName(operand)
    case 'varchar':
    case 'bpchar':
      return fitLength(textOf(operand), type, isAssignment)
    case 'bool':
      return isFromText ? booleanFromText(textOf(operand)) : plainCast(operand.sql, type)
    case 'int2':
    case 'int4':
    case 'int8':
      if (scalarName(operand.type) === 'oid') return oidAsInteger(operand.sql, type)
      return isFromText ? integerFromText(textOf(operand), type) : plainCast(operand.sql, type)
    case 'oid':
      return isFromText ? integerFromText(textOf(operand), type) : integerAsOid(operand)
    case 'float4':
    case 'float8':
      return isFromText ? floatFromText(textOf(operand), type) : plainCast(operand.sql, type)
    case 'numeric':
      return isFromText ? numericFromText(textOf(operand), type) : castToNumeric(operand, type)
    case 'bytea':
      return isFromText ? bytesFromText(textOf(operand)) : plainCast(operand.sql, type)
    case 'time':
      return castToTime(operand)
    case 'interval':
      return castToInterval(operand)
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'uuid':
    case 'json':
      return plainCast(isFromText ? textOf(operand) : operand.sql, type)
    default:
      return unreachable(type.name)
  }
}

const wide = decimalType(wideShape)

function plainCast(sql: string, type: SqlType): string {
  return `CAST(${sql} AS ${engineType(type)})`
}

/** PostgreSQL writes booleans as `t` and `f` everywhere but in casts to its text types. */
function castToName(operand: Operand): string {
  if (familyOf(operand.type) !== 'Boolean') return textOf(operand)
  return `CASE ${operand.sql} WHEN true THEN 't' WHEN false THEN 'f' END`
}

/** int4 and oid are the same 32 bits, with and without a sign. */
function integerAsOid({ sql, type }: Operand): string {
  const isSigned = scalarName(type) === 'int2' || scalarName(type) === 'int4'
  return isSigned
    ? `CAST(CAST(${sql} AS BIGINT) & 4294967295 AS UINTEGER)`
    : `CAST(${sql} AS UINTEGER)`
}

function oidAsInteger(sql: string, target: ScalarType): string {
  const isWide = target.name !== 'int4'
  return isWide
    ? plainCast(sql, target)
    : `CAST(xor(CAST(${sql} AS BIGINT), 2147483648) - 2147483648 AS INTEGER)`
}

/**
 * Without limits the digits stay as they are: a numeric keeps its scale, an integer has none. A float
 * gives the 15 digits that it holds for certain, a float4 six (PostgreSQL, float8_numeric).
 */
function castToNumeric({ sql, type }: Operand, target: ScalarType): string {
  const name = scalarName(type)
  const isOpen = target.precision === undefined
  // In two steps: from text with an exponent the engine forgets to check the precision.
  if (name === 'float8') return plainCast(`CAST(format('{:.15g}', ${sql}) AS ${wide})`, target)
  if (name === 'float4') return plainCast(`CAST(format('{:.6g}', ${sql}) AS ${wide})`, target)
  if (!isOpen || name === undefined) return plainCast(sql, target)
  const digits = integerDigits.get(name)
  if (digits !== undefined) return `CAST(${sql} AS DECIMAL(${digits}, 0))`
  return name === 'numeric' ? sql : plainCast(sql, target)
}

/** The time of day that an interval leads to; its days do not count. */
function castToTime({ sql, type }: Operand): string {
  if (familyOf(type) === 'Interval') return `(CAST('00:00:00' AS TIME) + ${sql})`
  if (scalarName(type) === 'timestamptz') return `CAST(CAST(${sql} AS TIMESTAMP) AS TIME)`
  return `CAST(${sql} AS TIME)`
}

function castToInterval({ sql, type }: Operand): string {
  if (familyOf(type) === 'Time') return `to_microseconds(epoch_us(${sql}))`
  return `CAST(${sql} AS INTERVAL)`
}

function castToArray(operand: Operand, target: ArrayType, isAssignment: boolean): string {
  const { type, sql, expression } = operand
  if (familyOf(type) === 'Text' || familyOf(type) === 'Padded') {
    return arrayFromText(textOf(operand), target)
  }
  if (type?.kind !== 'Array') return plainCast(sql, target)
  if (expression?.kind === 'ArrayConstructor' && expression.elements.length === 0) {
    return plainCast('[]', target)
  }
  const isSame = engineType(type) === engineType(target) && target.element.length === undefined
  if (isSame) return sql
  return mapList(sql, [], (element) =>
    castToScalar({ sql: element, type: type.element }, target.element, isAssignment),
  )
}

function unsupportedCast(): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'a cast to a row type is not supported')
}
