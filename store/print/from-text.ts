/**
 * Values read from text when the statement runs. The engine reads more than PostgreSQL does (`1.5` and
 * `0x10` as integers), so the form is checked first; what it then refuses it raises itself.
 */
import { SqlState } from '../../errors/sql-state.ts'
import type { ArrayType, ScalarType, ScalarTypeName } from '../sql-type.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { textLiteral } from './text-literal.ts'
import { engineType } from './type.ts'

/** What PostgreSQL skips around a value. */
const blanks = textLiteral(' \t\n\r\f\v')

const typeWords: Readonly<Partial<Record<ScalarTypeName, string>>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  oid: 'oid',
  float4: 'real',
  float8: 'double precision',
}

function invalidText(name: ScalarTypeName): string {
  const message = `invalid input syntax for type ${typeWords[name] ?? name}`
  return raise(SqlState.InvalidTextRepresentation, message)
}

/** Any beginning of true, false, yes, no, on (o is too little), off; 1 and 0; case and blanks aside. */
export function booleanFromText(text: string): string {
  return withValues([`lower(trim(${text}, ${blanks}))`], (word) =>
    [
      `CASE WHEN ${word} IN ('t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1') THEN true`,
      `WHEN ${word} IN ('f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0') THEN false`,
      `WHEN ${word} IS NOT NULL THEN ${invalidText('bool')} END`,
    ].join(' '),
  )
}

export function integerFromText(text: string, type: ScalarType): string {
  return checkedCast(text, type, '\\s*[+-]?\\d+\\s*')
}

export function floatFromText(text: string, type: ScalarType): string {
  const words = '[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]'
  return checkedCast(text, type, `\\s*[+-]?(${decimal}|${words})\\s*`)
}

/** With an exponent in two steps: from such text the engine forgets to check the precision. */
export function numericFromText(text: string, type: ScalarType): string {
  return withValues([text], (value) => {
    const plain = checkedCast(value, type, `\\s*[+-]?${decimal}\\s*`)
    if (type.precision === undefined) return plain
    const wide = checkedCast(value, { kind: 'Scalar', name: 'numeric' }, `\\s*[+-]?${decimal}\\s*`)
    const hasExponent = `regexp_matches(${value}, '[eE]')`
    return `CASE WHEN ${hasExponent} THEN CAST(${wide} AS ${engineType(type)}) ELSE ${plain} END`
  })
}

const decimal = '(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?'

function checkedCast(text: string, type: ScalarType, pattern: string): string {
  return withValues([text], (value) =>
    [
      `CASE WHEN ${value} IS NULL OR regexp_full_match(${value}, '${pattern}')`,
      `THEN CAST(trim(${value}, ${blanks}) AS ${engineType(type)}) ELSE ${invalidText(type.name)} END`,
    ].join(' '),
  )
}

/** Hexadecimal after `\x`; else the bytes of the text, which must hold no backslash. */
export function bytesFromText(text: string): string {
  const error = raise(SqlState.InvalidTextRepresentation, 'invalid input syntax for type bytea')
  return withValues([text], (value) =>
    [
      `CASE WHEN regexp_full_match(${value}, '\\\\x([0-9a-fA-F]{2})*') THEN unhex(substr(${value}, 3))`,
      `WHEN contains(${value}, '\\') THEN ${error} ELSE encode(${value}) END`,
    ].join(' '),
  )
}

/** `{...}` of one dimension, by the engine's reader of `[...]`, which quotes as PostgreSQL does. */
export function arrayFromText(text: string, type: ArrayType): string {
  const error = raise(SqlState.InvalidTextRepresentation, 'malformed array literal')
  return withValues([`trim(${text}, ' ')`], (value) => {
    const inner = `substr(${value}, 2, length(${value}) - 2)`
    const isList = `${value} IS NULL OR regexp_full_match(${value}, '(?s)\\{[^{}]*\\}')`
    return `CASE WHEN ${isList} THEN CAST('[' || ${inner} || ']' AS ${engineType(type)}) ELSE ${error} END`
  })
}
