/** Text as PostgreSQL's input functions read it, into values: literals, parameters in text format. */
import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, SqlType, SqlValue } from '../../store/sql-type.ts'
import { unsupportedForm } from './errors.ts'
import { parseArray } from './input/array.ts'
import { parseBool } from './input/bool.ts'
import { parseBytea } from './input/bytea.ts'
import { parseCharacter } from './input/character.ts'
import { parseInterval } from './input/datetime/interval.ts'
import { parseDate, parseTime, parseTimestamp, parseTimestamptz } from './input/datetime/moment.ts'
import { parseJson } from './input/json.ts'
import { parseFloating, parseInteger, parseNumeric, parseOid } from './input/number.ts'
import type { InputOptions } from './input/options.ts'
import { parseUuid } from './input/uuid.ts'

/**
 * Reads a value of the type as PostgreSQL reads it. Modifiers hold as in an assignment: text too long
 * for varchar(n) is 22001, a numeric is rounded to its scale.
 * @throws SqlError 22P02, 22003, 22007, 22008, 22001, 22023 in PostgreSQL's words
 */
export function parseInput(text: string, type: SqlType, options: InputOptions = {}): SqlValue {
  switch (type.kind) {
    case 'Scalar':
      return parseScalar(text, type, options)
    case 'Array':
      return parseArray(text, (element) => parseScalar(element, type.element, options))
    case 'Record':
      throw unsupportedForm('record', 'text input')
    default:
      return unreachable(type)
  }
}

function parseScalar(text: string, type: ScalarType, options: InputOptions): SqlValue {
  switch (type.name) {
    case 'bool':
      return parseBool(text)
    case 'int2':
    case 'int4':
      return Number(parseInteger(text, type.name))
    case 'int8':
      return parseInteger(text, type.name)
    case 'oid':
      return parseOid(text)
    case 'float4':
    case 'float8':
      return parseFloating(text, type.name)
    case 'numeric':
      return parseNumeric(text, type)
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
      return parseCharacter(text, type)
    case 'bytea':
      return parseBytea(text)
    case 'uuid':
      return parseUuid(text)
    case 'json':
      return parseJson(text)
    case 'date':
      return parseDate(text, options)
    case 'time':
      return parseTime(text, options)
    case 'timestamp':
      return parseTimestamp(text, options)
    case 'timestamptz':
      return parseTimestamptz(text, options)
    case 'interval':
      return parseInterval(text)
    default:
      return unreachable(type.name)
  }
}
