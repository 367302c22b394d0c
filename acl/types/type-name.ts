import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, ScalarTypeName, SqlType } from '../../store/sql-type.ts'
import { invalidTypeModifier, unknownType, unsupportedType } from './errors.ts'
import { arrayOf, scalar } from './scalar.ts'

/** A type as a statement writes it. */
export interface WrittenTypeName {
  readonly schema?: string
  readonly name: string
  readonly modifiers: readonly number[]
  readonly arrayDimensions: number
}

/**
 * Every word for a type that is offered: PostgreSQL's names and aliases, and QuestDB's where
 * PostgreSQL has no type of that name. One word means one type, whichever grammar read it. So
 * FLOAT is PostgreSQL's float8 (QuestDB's has 32 bits; every value of it fits), DATE is PostgreSQL's
 * day (QuestDB's is a timestamp of milliseconds), CHAR is bpchar(1) in both. SYMBOL and STRING are
 * varchar: OID 1043 on the wire (questdb-rbac.md, section 9).
 */
const typeOfWord: ReadonlyMap<string, ScalarTypeName> = new Map<string, ScalarTypeName>([
  ['bool', 'bool'],
  ['boolean', 'bool'],
  ['int2', 'int2'],
  ['smallint', 'int2'],
  ['short', 'int2'],
  ['byte', 'int2'],
  ['int4', 'int4'],
  ['int', 'int4'],
  ['integer', 'int4'],
  ['int8', 'int8'],
  ['bigint', 'int8'],
  ['long', 'int8'],
  ['float4', 'float4'],
  ['real', 'float4'],
  ['float8', 'float8'],
  ['float', 'float8'],
  ['double', 'float8'],
  ['double precision', 'float8'],
  ['numeric', 'numeric'],
  ['decimal', 'numeric'],
  ['dec', 'numeric'],
  ['text', 'text'],
  ['varchar', 'varchar'],
  ['character varying', 'varchar'],
  ['symbol', 'varchar'],
  ['string', 'varchar'],
  ['bpchar', 'bpchar'],
  ['char', 'bpchar'],
  ['character', 'bpchar'],
  ['bytea', 'bytea'],
  ['binary', 'bytea'],
  ['date', 'date'],
  ['time', 'time'],
  ['time without time zone', 'time'],
  ['timestamp', 'timestamp'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamptz', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['interval', 'interval'],
  ['uuid', 'uuid'],
  ['json', 'json'],
  ['oid', 'oid'],
  ['name', 'name'],
])

/** Words of types that exist in PostgreSQL or QuestDB and are not offered: 0A000, not 42704. */
const refusedWords: ReadonlyMap<string, string | undefined> = new Map([
  ['jsonb', 'Use json.'],
  ...[
    'long128',
    'long256',
    'geohash',
    'ipv4',
    'timestamp_ns',
    'cursor',
    'var_arg',
    'timetz',
    'time with time zone',
    'bit',
    'varbit',
    'bit varying',
    'money',
    'xml',
    'inet',
    'cidr',
    'macaddr',
    'macaddr8',
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
    'tsvector',
    'tsquery',
    'int4range',
    'int8range',
    'numrange',
    'tsrange',
    'tstzrange',
    'daterange',
    'int4multirange',
    'int8multirange',
    'nummultirange',
    'tsmultirange',
    'tstzmultirange',
    'datemultirange',
    'regclass',
    'regtype',
    'regproc',
    'regprocedure',
    'regoper',
    'regoperator',
    'regnamespace',
    'regrole',
    'regconfig',
    'regdictionary',
    'regcollation',
    'xid',
    'xid8',
    'cid',
    'tid',
    'pg_lsn',
    'pg_snapshot',
    'txid_snapshot',
    'refcursor',
    'jsonpath',
    'int2vector',
    'oidvector',
    'record',
    'cstring',
    'unknown',
    'void',
    'serial',
    'serial2',
    'serial4',
    'serial8',
    'smallserial',
    'bigserial',
  ].map((word): [string, undefined] => [word, undefined]),
])

/** Longest length that PostgreSQL accepts for varchar(n) and char(n): postgres, MaxAttrSize. */
const characterLengthMax = 10_485_760

/** Digits that the store's DECIMAL holds (duckdb-hardening.md, section 6.1). */
const numericPrecisionMax = 38

/**
 * The type that a statement's words mean.
 * @throws SqlError 42704 for a word that is no type, 0A000 for a type that is not offered
 */
export function typeFromName(written: WrittenTypeName): SqlType {
  const word = written.name
  if (written.schema !== undefined && written.schema !== 'pg_catalog') {
    throw unknownType(`${written.schema}.${word}`)
  }
  if (word.endsWith('[]')) {
    return typeFromName({
      ...written,
      name: word.slice(0, -2),
      arrayDimensions: Math.max(1, written.arrayDimensions),
    })
  }
  // PostgreSQL's own name of an array type: `_int4`.
  if (word.startsWith('_') && typeOfWord.has(word.slice(1))) {
    return typeFromName({ ...written, name: word.slice(1), arrayDimensions: 1 })
  }
  const name = typeOfWord.get(word)
  if (name === undefined) {
    if (refusedWords.has(word)) throw unsupportedType(word, refusedWords.get(word))
    throw unknownType(word)
  }
  const element = withModifiers({ name, word, modifiers: written.modifiers })
  return written.arrayDimensions > 0 ? arrayOf(element) : element
}

interface Modified {
  readonly name: ScalarTypeName
  readonly word: string
  readonly modifiers: readonly number[]
}

function withModifiers({ name, word, modifiers }: Modified): ScalarType {
  if (name === 'numeric') return numericType(modifiers)
  if (name === 'varchar' || name === 'bpchar') return characterType({ name, word, modifiers })
  if (secondsTypes.has(name)) checkSecondsPrecision(word, modifiers)
  else if (modifiers.length > 0) {
    throw invalidTypeModifier(`type modifier is not allowed for type "${word}"`)
  }
  return scalar(name)
}

/** Types whose modifier is a number of decimals of the seconds. */
const secondsTypes: ReadonlySet<ScalarTypeName> = new Set<ScalarTypeName>([
  'time',
  'timestamp',
  'timestamptz',
  'interval',
])

function characterType({ name, word, modifiers }: Modified): ScalarType {
  if (modifiers.length > 0) {
    const length = characterLength(name === 'varchar' ? 'varchar' : 'char', modifiers)
    return { ...scalar(name), length }
  }
  // PostgreSQL: CHAR is CHAR(1); only the internal word bpchar is without a limit.
  return name === 'bpchar' && word !== 'bpchar' ? { ...scalar(name), length: 1 } : scalar(name)
}

function characterLength(word: string, modifiers: readonly number[]): number {
  const [length] = modifiers
  if (length === undefined || modifiers.length !== 1) {
    throw invalidTypeModifier('invalid type modifier')
  }
  if (length < 1) throw invalidTypeModifier(`length for type ${word} must be at least 1`)
  if (length > characterLengthMax) {
    throw invalidTypeModifier(`length for type ${word} cannot exceed ${characterLengthMax}`)
  }
  return length
}

function numericType(modifiers: readonly number[]): ScalarType {
  const [precision, scale = 0] = modifiers
  if (precision === undefined) return scalar('numeric')
  if (modifiers.length > 2) throw invalidTypeModifier('invalid NUMERIC type modifier')
  if (precision < 1 || precision > 1000) {
    throw invalidTypeModifier(`NUMERIC precision ${precision} must be between 1 and 1000`)
  }
  if (scale < -1000 || scale > 1000) {
    throw invalidTypeModifier(`NUMERIC scale ${scale} must be between -1000 and 1000`)
  }
  if (precision > numericPrecisionMax || scale < 0 || scale > precision) {
    throw unsupportedType(
      `numeric(${precision},${scale})`,
      `Precision is at most ${numericPrecisionMax}, scale between 0 and the precision.`,
    )
  }
  return { ...scalar('numeric'), precision, scale }
}

/** The store keeps microseconds: other precisions than 6 would have to round, so they are refused. */
function checkSecondsPrecision(word: string, modifiers: readonly number[]): void {
  // libpg-query gives INTERVAL without fields the mask 32767 when a precision follows it.
  const precision = modifiers.at(-1)
  if (precision === undefined) return
  const isPlain = modifiers.length === 1 && precision === 6
  const isFullInterval = modifiers.length === 2 && modifiers[0] === 0x7fff && precision === 6
  if (!isPlain && !isFullInterval) {
    throw unsupportedType(`${word}(${modifiers.join(',')})`, 'Seconds have six decimals.')
  }
}

const textOfScalar = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  numeric: 'numeric',
  text: 'text',
  varchar: 'character varying',
  bpchar: 'character',
  bytea: 'bytea',
  date: 'date',
  time: 'time without time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  interval: 'interval',
  uuid: 'uuid',
  json: 'json',
  oid: 'oid',
  name: 'name',
} as const satisfies Record<ScalarTypeName, string>

/** The type in the words of PostgreSQL's format_type: `timestamp without time zone`, `numeric(10,2)`. */
export function typeText(type: SqlType): string {
  switch (type.kind) {
    case 'Scalar':
      return scalarText(type)
    case 'Array':
      return `${scalarText(type.element)}[]`
    case 'Record':
      return 'record'
    default:
      return unreachable(type)
  }
}

function scalarText(type: ScalarType): string {
  if (type.length !== undefined) return `${textOfScalar[type.name]}(${type.length})`
  if (type.precision !== undefined) return `numeric(${type.precision},${type.scale ?? 0})`
  // PostgreSQL writes char without a limit by its internal name.
  return type.name === 'bpchar' ? 'bpchar' : textOfScalar[type.name]
}
