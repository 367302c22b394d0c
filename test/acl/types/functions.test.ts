import { describe, expect, test } from '@jest/globals'
import engineFunctions from '../../../acl/enforcement/data/duckdb-functions.json' with { type: 'json' }
import { constant, integer, text } from '../../../acl/types/expressions.ts'
import { functionNames, resolveFunction } from '../../../acl/types/functions.ts'
import { aggregateRows } from '../../../acl/types/functions/aggregate.ts'
import { arrayRows } from '../../../acl/types/functions/array.ts'
import { datetimeRows } from '../../../acl/types/functions/datetime.ts'
import { jsonRows } from '../../../acl/types/functions/json.ts'
import { mathRows } from '../../../acl/types/functions/math.ts'
import type { EngineCall, FunctionRow } from '../../../acl/types/functions/row.ts'
import { sessionRows, sqlValueFunction } from '../../../acl/types/functions/session.ts'
import { stringRows } from '../../../acl/types/functions/string.ts'
import { windowRows } from '../../../acl/types/functions/window.ts'
import { scalar, typeOfKey } from '../../../acl/types/scalar.ts'
import type { ArgumentType } from '../../../acl/types/scalar.ts'
import type { DeclaredType } from '../../../acl/types/select-candidate.ts'
import { resolveTableFunction } from '../../../acl/types/table-functions.ts'
import { typeFromName, typeText } from '../../../acl/types/type-name.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'

function typeOf(word: string): ArgumentType {
  return word === 'unknown' ? word : typeFromName({ name: word, modifiers: [], arrayDimensions: 0 })
}

function column(type: SqlType): BoundExpression {
  return { kind: 'ColumnReference', range: 1, column: 1, type }
}

function resolved(name: string, ...words: readonly string[]): string {
  const found = resolveFunction({ name, arguments: words.map(typeOf) })
  if (found === undefined) return 'none'
  return `${found.arguments.map(typeText).join(', ')} -> ${typeText(found.result)}`
}

/** The function over given expressions of text and numbers, or the error's code. */
function build(name: string, args: readonly BoundExpression[]): BoundExpression | string {
  const found = resolveFunction({ name, arguments: args.map(({ type }) => type ?? 'unknown') })
  if (found?.kind !== 'Scalar') throw new Error(`no function ${name}`)
  try {
    return found.build(args)
  } catch (error) {
    if (error instanceof SqlError) return error.sqlState
    throw error
  }
}

describe('PostgreSQL chooses the function by the types', () => {
  test.each([
    ['sum', ['int'], 'integer -> bigint'],
    ['sum', ['bigint'], 'bigint -> numeric'],
    ['sum', ['real'], 'real -> real'],
    ['avg', ['int'], 'integer -> numeric'],
    ['avg', ['float8'], 'double precision -> double precision'],
    ['min', ['varchar'], 'text -> text'],
    ['count', ['json'], 'json -> bigint'],
    ['round', ['int'], 'double precision -> double precision'],
    ['round', ['numeric', 'int'], 'numeric, integer -> numeric'],
    ['power', ['int', 'int'], 'double precision, double precision -> double precision'],
    ['power', ['numeric', 'int'], 'numeric, numeric -> numeric'],
    [
      'date_trunc',
      ['unknown', 'date'],
      'text, timestamp with time zone -> timestamp with time zone',
    ],
    ['concat', ['int', 'bool'], 'integer, boolean -> text'],
    ['lag', ['int', 'int', 'bigint'], 'bigint, integer, bigint -> bigint'],
    ['array_agg', ['int'], 'integer -> integer[]'],
    ['array_append', ['int[]', 'numeric'], 'numeric[], numeric -> numeric[]'],
    ['to_json', ['int'], 'integer -> json'],
    ['length', ['unknown'], 'text -> integer'],
  ])('%s(%j) is %s', (name, words, expected) => {
    expect(resolved(name, ...words)).toBe(expected)
  })

  test.each([
    ['nope', []],
    ['lower', ['int']],
    ['lower', []],
    ['sum', ['text']],
    ['min', ['uuid']],
    ['read_csv', ['text']],
    ['query', ['text']],
    ['getvariable', ['text']],
    ['columns', ['text']],
  ])('%s(%j) is not there', (name, words) => {
    expect(resolved(name, ...words)).toBe('none')
  })

  test('count(*) and WITHIN GROUP are forms of their own', () => {
    expect(resolveFunction({ name: 'count', arguments: [], star: true })?.kind).toBe('Aggregate')
    // QuestDB's count(), which is no call of PostgreSQL's.
    expect(resolveFunction({ name: 'count', arguments: [] })?.kind).toBe('Aggregate')
    expect(resolveFunction({ name: 'lower', arguments: [], star: true })).toBeUndefined()
    const float8 = scalar('float8')
    const use = { name: 'percentile_cont', arguments: [float8], withinGroup: [float8] }
    expect(resolveFunction(use)).toMatchObject({ kind: 'Aggregate', isOrderedSet: true })
    expect(
      resolveFunction({ name: 'percentile_cont', arguments: [float8, float8] }),
    ).toBeUndefined()
    expect(resolveFunction({ ...use, name: 'sum' })).toBeUndefined()
  })

  test('a polymorphic function needs something that has a type', () => {
    expect(() => resolved('to_json', 'unknown')).toThrow('could not determine polymorphic type')
    expect(() => resolved('cardinality', 'unknown')).toThrow('could not determine polymorphic')
  })

  test('what PostgreSQL cannot choose either is 42725', () => {
    expect(() => resolved('sum', 'unknown')).toThrow('function sum(unknown) is not unique')
  })
})

/** A tree as text; BigInts are none of JSON's. */
function textOf(tree: unknown): string {
  return JSON.stringify(tree, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
}

describe('guards', () => {
  const t = column(scalar('text'))
  const n = column(scalar('int4'))

  test.each([
    ['repeat', [text('x'), integer(20_000_000)], '54000'],
    ['lpad', [t, integer(1_000_001)], '54000'],
    ['rpad', [t, integer(1_000_001), text('x')], '54000'],
    ['replace', [t, text('x'.repeat(5000)), text('')], '54000'],
    ['regexp_replace', [t, t, text('')], '0A000'],
    ['regexp_replace', [t, text('(a|ab)'), text('')], '0A000'],
    ['regexp_replace', [t, text('a*b*'), text('')], '0A000'],
    ['regexp_replace', [t, text('(?i)a'), text('')], '0A000'],
    ['regexp_replace', [t, text('(a+)+'), text('')], '0A000'],
    ['regexp_replace', [t, text('a{2,300}'), text('')], '0A000'],
    ['regexp_replace', [t, text('[[:alpha:]]'), text('')], '0A000'],
    ['regexp_replace', [t, text('a'), text('\\x')], '0A000'],
    ['regexp_replace', [t, text('a'), text('b'), text('x')], '0A000'],
    ['split_part', [t, text(','), integer(0)], '22023'],
    ['substring', [t, integer(1), integer(-1)], '22011'],
    ['chr', [integer(0)], '54000'],
    ['chr', [integer(-1)], '22023'],
    ['encode', [column(scalar('bytea')), t], '0A000'],
    ['encode', [column(scalar('bytea')), text('escape')], '0A000'],
    ['timezone', [t, column(scalar('timestamp'))], '0A000'],
    ['timezone', [text('Mars/Base'), column(scalar('timestamp'))], '22023'],
    ['extract', [t, column(scalar('timestamp'))], '0A000'],
    ['extract', [text('julian'), column(scalar('timestamp'))], '0A000'],
    ['date_trunc', [t, column(scalar('timestamp'))], '0A000'],
    ['to_char', [column(scalar('timestamp')), t], '0A000'],
    ['to_char', [column(scalar('timestamp')), text('YYYYth')], '0A000'],
    ['string_to_array', [t, t], '0A000'],
    ['string_to_array', [t, text('')], '0A000'],
    ['array_length', [column(typeOfKey('int4[]')), n], '0A000'],
    ['array_to_string', [column(typeOfKey('bool[]')), text(',')], '0A000'],
    ['json_build_object', [text('a')], '22023'],
    ['to_json', [column(scalar('bytea'))], '0A000'],
    ['dateadd', [text('q'), n, column(scalar('timestamp'))], '0A000'],
  ] as const)('%s is refused where it may not run: %#', (name, args, code) => {
    expect(build(name, args)).toBe(code)
  })

  test('what is small and constant is called without a check', () => {
    expect(build('repeat', [text('x'), integer(3)])).toMatchObject({ function: 'repeat' })
    expect(build('lpad', [t, integer(3)])).toMatchObject({ function: 'lpad' })
  })

  test('what is not constant is checked when it runs', () => {
    expect(textOf(build('repeat', [t, n]))).toContain('grantd:54000')
    expect(textOf(build('lpad', [t, n]))).toContain('grantd:54000')
    expect(textOf(build('replace', [t, text('a'), text('b')]))).toContain('grantd:54000')
  })

  test('an argument that has to be mentioned twice is neither volatile nor large', () => {
    const random: BoundExpression = {
      kind: 'FunctionCall',
      function: 'random',
      arguments: [],
      type: scalar('text'),
    }
    expect(build('repeat', [random, n])).toBe('0A000')
    let large: BoundExpression = t
    for (let depth = 0; depth < 600; depth += 1) {
      large = { kind: 'FunctionCall', function: 'lower', arguments: [large], type: scalar('text') }
    }
    expect(build('repeat', [large, n])).toBe('54001')
  })
})

describe('QuestDB functions', () => {
  test('dateadd adds a number of units', () => {
    const built = build('dateadd', [text('M'), integer(2), column(scalar('timestamp'))])
    expect(built).toMatchObject({
      kind: 'BinaryOperation',
      operator: '+',
      right: { function: 'to_months' },
    })
  })
})

const allRows: readonly FunctionRow[] = [
  ...stringRows,
  ...mathRows,
  ...datetimeRows,
  ...arrayRows,
  ...jsonRows,
  ...sessionRows,
  ...aggregateRows,
  ...windowRows,
]

/** Constants that guards ask for, by function and position. */
const constants: Readonly<Record<string, Readonly<Record<number, BoundExpression>>>> = {
  regexp_replace: { 1: text('a'), 2: text('b'), 3: text('g') },
  encode: { 1: text('base64') },
  date_part: { 0: text('epoch') },
  extract: { 0: text('epoch') },
  date_trunc: { 0: text('month') },
  timezone: { 0: text('UTC') },
  to_char: { 1: text('YYYY') },
  dateadd: { 0: text('d') },
  date_bin: {
    0: constant({ kind: 'Interval', months: 0, days: 1, micros: 0n }, scalar('interval')),
  },
  round: { 1: integer(2) },
  trunc: { 1: integer(2) },
  array_length: { 1: integer(1) },
  array_upper: { 1: integer(1) },
  array_lower: { 1: integer(1) },
  string_to_array: { 1: text(',') },
  string_agg: { 1: text(',') },
  percentile_cont: { 0: constant(0.5, scalar('float8')) },
  percentile_disc: { 0: constant(0.5, scalar('float8')) },
  ntile: { 0: integer(2) },
  nth_value: { 1: integer(2) },
}

function exampleType(declared: DeclaredType): SqlType {
  if (declared === 'anyarray' || declared === 'anycompatiblearray') return typeOfKey('int4[]')
  if (declared.startsWith('any')) return scalar('int4')
  const word = declared.replace('[]', '')
  return typeFromName({
    name: word,
    modifiers: [],
    arrayDimensions: declared.endsWith('[]') ? 1 : 0,
  })
}

/** As if it were a scalar function: only its name is looked at. */
function complete(call: EngineCall): BoundExpression {
  return {
    kind: 'FunctionCall',
    function: call.function,
    arguments: call.arguments,
    type: call.type,
  }
}

/** The engine's functions that a row's expression calls, or undefined if it is refused outright. */
function engineNames(row: FunctionRow): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  const types = row.arguments.map(exampleType)
  if (row.name === 'json_build_object') types.push(scalar('int4'))
  const args = types.map((type, index) => constants[row.name]?.[index] ?? column(type))
  const context = { name: row.name, result: exampleType(row.result), arguments: types }
  try {
    collect(
      row.kind === 'Scalar' ? row.build(args, context) : row.build(args, complete, context),
      names,
    )
  } catch (error) {
    if (error instanceof SqlError && error.sqlState === '0A000') return undefined
    throw error
  }
  return names
}

function collect(node: unknown, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  if ('kind' in node && node.kind === 'FunctionCall' && 'function' in node) {
    names.add(String(node.function))
  }
  for (const child of Object.values(node)) collect(child, names)
}

describe('the one list of allowed functions', () => {
  const allowed = new Set(
    engineFunctions
      .filter(({ verdict }) => verdict === 'allow' || verdict === 'allow-with-care')
      .map(({ name }) => name),
  )

  test('every function runs as functions that the data file allows', () => {
    const refused: string[] = []
    const notAllowed: string[] = []
    for (const row of allRows) {
      const names = engineNames(row)
      if (names === undefined) refused.push(`${row.name}(${row.arguments.join(', ')})`)
      for (const name of names ?? []) {
        // `error` is the server's own, with a text of its own (store/print/raise.ts).
        if (name !== 'error' && !allowed.has(name)) notAllowed.push(`${row.name}: ${name}`)
      }
    }
    expect(notAllowed).toEqual([])
    // Rows that exist to be chosen as PostgreSQL would, and then to refuse.
    expect(refused.toSorted()).toEqual([
      'array_agg(anyarray)',
      'avg(interval)',
      'exp(numeric)',
      'isfinite(interval)',
      'ln(numeric)',
      'log(numeric)',
      'log(numeric, numeric)',
      'log10(numeric)',
      // Not refused: they make constants of constants.
      'similar_to_escape(text)',
      'similar_to_escape(text, text)',
      'sqrt(numeric)',
      'substring(text, text)',
      'substring(text, text, text)',
      'sum(interval)',
      'to_char(float4, text)',
      'to_char(float8, text)',
      'to_char(int4, text)',
      'to_char(int8, text)',
      'to_char(interval, text)',
      'to_char(numeric, text)',
    ])
  })

  test('names are sorted and none is twice', () => {
    expect([...new Set(functionNames)].toSorted()).toEqual(functionNames)
  })
})

describe('values of the session', () => {
  test.each([
    ['SVFOP_CURRENT_TIMESTAMP', { kind: 'SessionValue', name: 'transaction_timestamp' }],
    ['SVFOP_CURRENT_DATE', { kind: 'Cast', type: scalar('date') }],
    ['SVFOP_LOCALTIMESTAMP', { kind: 'Cast', type: scalar('timestamp') }],
    ['SVFOP_LOCALTIME', { kind: 'Cast', type: scalar('time') }],
    ['SVFOP_USER', { kind: 'SessionValue', name: 'current_user' }],
    ['SVFOP_SESSION_USER', { kind: 'SessionValue', name: 'session_user' }],
    ['SVFOP_CURRENT_CATALOG', { kind: 'SessionValue', name: 'current_database' }],
    ['SVFOP_CURRENT_SCHEMA', { kind: 'SessionValue', name: 'current_schema' }],
  ])('%s', (operation, expected) => {
    expect(sqlValueFunction(operation)).toMatchObject(expected)
  })

  test('forms with a precision are not offered', () => {
    expect(sqlValueFunction('SVFOP_CURRENT_TIMESTAMP_N')).toBeUndefined()
  })
})

function columnsOf(name: string, ...words: readonly string[]): string | undefined {
  return resolveTableFunction({ name, arguments: words.map(typeOf) })
    ?.columns.map(typeText)
    .join(', ')
}

describe('functions that give rows', () => {
  test.each([
    ['generate_series', ['int', 'bigint'], 'bigint'],
    ['generate_series', ['int', 'int', 'int'], 'integer'],
    ['generate_series', ['numeric', 'int'], 'numeric'],
    ['generate_series', ['date', 'date', 'interval'], 'timestamp with time zone'],
    ['generate_series', ['timestamp', 'timestamp', 'unknown'], 'timestamp without time zone'],
    ['generate_subscripts', ['int[]', 'int'], 'integer'],
    ['unnest', ['int[]'], 'integer'],
    ['unnest', ['int[]', 'text[]'], 'integer, text'],
    ['unnest', ['int'], undefined],
    ['unnest', ['unknown'], undefined],
    ['unnest', [], undefined],
    ['read_csv', ['text'], undefined],
    ['generate_series', ['text', 'text'], undefined],
  ])('%s(%j) gives %s', (name, words, expected) => {
    expect(columnsOf(name, ...words)).toBe(expected)
  })

  test('what PostgreSQL cannot choose either is 42725', () => {
    expect(() => columnsOf('generate_series', 'unknown', 'unknown')).toThrow(SqlError)
  })
})
