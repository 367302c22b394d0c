import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseInput } from '../../../acl/types/input.ts'
import type { InputOptions } from '../../../acl/types/input/options.ts'
import { arrayOf, scalar } from '../../../acl/types/scalar.ts'
import { typeFromName } from '../../../acl/types/type-name.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import type { ScalarTypeName, SqlType } from '../../../store/sql-type.ts'

function typeOf(word: string): SqlType {
  const [, name = word, modifiers] = /^([a-z0-9]+)(?:\(([0-9,]+)\))?/.exec(word) ?? []
  return typeFromName({
    name,
    modifiers: modifiers?.split(',').map(Number) ?? [],
    arrayDimensions: word.endsWith('[]') ? 1 : 0,
  })
}

function failure(text: string, type: SqlType, options?: InputOptions): string {
  try {
    parseInput(text, type, options)
  } catch (error) {
    if (error instanceof SqlError) return `${error.sqlState} ${error.message}`
    throw error
  }
  throw new Error('the text was accepted')
}

// What PostgreSQL reads is compared with PostgreSQL itself in test/differential/input.test.ts.
describe('text becomes the value of a type', () => {
  test.each([
    ['bool', 'yes', true],
    ['int2', ' 12 ', 12],
    ['int8', '9223372036854775807', 9_223_372_036_854_775_807n],
    ['oid', '-1', 4_294_967_295],
    ['float8', '-inf', -Infinity],
    ['float4', '0.1', Math.fround(0.1)],
    ['numeric', '1.5e3', '1500'],
    ['numeric', '1e-2000', '0'],
    ['numeric(5,2)', '1.005', '1.01'],
    ['numeric(5,2)', '-0.001', '0.00'],
    ['numeric(3,0)', '9.5', '10'],
    ['numeric(5,2)', '1', '1.00'],
    ['text', ' a ', ' a '],
    ['varchar(3)', 'abc  ', 'abc'],
    ['char(3)', 'a', 'a  '],
    ['bytea', '\\x00ff', Uint8Array.of(0, 255)],
    ['uuid', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['json', '{"a": 1}', '{"a": 1}'],
    ['date', '1970-01-02', 1],
    ['date', '-infinity', -Infinity],
    ['date', 'epoch', 0],
    ['time', '00:00:01', 1_000_000n],
    ['timestamp', '1970-01-01T00:00:01Z', 1_000_000n],
    ['timestamp', 'epoch', 0n],
    ['timestamptz', '1970-01-01 00:00:00-01', 3_600_000_000n],
    ['timestamptz', 'epoch', 0n],
    ['interval', '1 month 2 days', { kind: 'Interval', months: 1, days: 2, micros: 0n }],
    ['int4[]', '{1,NULL}', [1, null]],
    [
      'text[]',
      '{{a,"b c"},{c,d}}',
      [
        ['a', 'b c'],
        ['c', 'd'],
      ],
    ],
  ])('%s %s', (word, text, value) => {
    expect(parseInput(text, typeOf(word))).toEqual(value)
  })

  test('a time without a zone is that of the session', () => {
    const type = scalar('timestamptz')
    const timeZone = 'America/New_York'
    expect(parseInput('1970-01-01', type, { timeZone })).toBe(5n * 3_600_000_000n)
  })

  test('moments by name are those of the caller', () => {
    const options = { nowMicros: 90_000_000_000n, timeZone: 'America/New_York' }
    expect(parseInput('now', scalar('timestamptz'), options)).toBe(90_000_000_000n)
    expect(parseInput('now', scalar('timestamp'), options)).toBe(72_000_000_000n)
    expect(parseInput('now', scalar('time'), options)).toBe(72_000_000_000n)
    expect(parseInput('today', scalar('date'), options)).toBe(0)
    expect(parseInput('tomorrow', scalar('date'), options)).toBe(1)
    expect(parseInput('yesterday', scalar('timestamp'), options)).toBe(-86_400_000_000n)
    expect(parseInput('today', scalar('timestamptz'), options)).toBe(18_000_000_000n)
    expect(failure('now', scalar('timestamptz'))).toMatch(/^0A000/)
  })
})

describe('text that is no value of its type', () => {
  test.each([
    ['int4', 'x', '22P02 invalid input syntax for type integer: "x"'],
    ['int4', '99999999999', '22003 value "99999999999" is out of range for type integer'],
    [
      'int2',
      '9'.repeat(1000),
      `22003 value "${'9'.repeat(1000)}" is out of range for type smallint`,
    ],
    ['float8', '1e400', '22003 "1e400" is out of range for type double precision'],
    ['float4', '1e39', '22003 "1e39" is out of range for type real'],
    ['numeric', 'x', '22P02 invalid input syntax for type numeric: "x"'],
    ['numeric', '1e2000', '22003 value "1e2000" is out of range for type numeric'],
    ['numeric', `1${'0'.repeat(40)}`, '22003 value overflows numeric format'],
    ['numeric', 'inf', '0A000 the value Infinity of function numeric is not supported'],
    ['numeric(3,1)', '100', '22003 numeric field overflow'],
    ['bool', 'o', '22P02 invalid input syntax for type boolean: "o"'],
    ['varchar(3)', 'abcd', '22001 value too long for type character varying(3)'],
    ['text', 'a\0', '22021 invalid byte sequence for encoding "UTF8": 0x00'],
    ['bytea', '\\x0g', '22023 invalid hexadecimal digit: "g"'],
    ['bytea', '\\', '22P02 invalid input syntax for type bytea'],
    ['uuid', 'x', '22P02 invalid input syntax for type uuid: "x"'],
    ['json', '{', '22P02 invalid input syntax for type json'],
    ['json', '['.repeat(2000), '54001 json document is nested more than 1000 levels deep'],
    ['date', '2024-02-30', '22008 date/time field value out of range: "2024-02-30"'],
    ['timestamp', 'x', '22007 invalid input syntax for type timestamp: "x"'],
    ['timestamptz', '2024-01-01 Mars/Base', '22023 time zone "mars/base" not recognized'],
    ['time', 'epoch', '22007 invalid input syntax for type time: "epoch"'],
    ['interval', '1-12', '22015 interval field value out of range: "1-12"'],
    ['interval', 'x', '22007 invalid input syntax for type interval: "x"'],
    ['int4[]', '{1', '22P02 malformed array literal: "{1"'],
    ['int4[]', '[2:1]={}', '2202E upper bound cannot be less than lower bound'],
    [
      'int4[]',
      '{{{{{{{1}}}}}}}',
      '54000 number of array dimensions (7) exceeds the maximum allowed (6)',
    ],
  ])('%s %s', (word, text, expected) => {
    expect(failure(text, typeOf(word))).toBe(expected)
  })

  test('rows have no text that could be read', () => {
    expect(failure('(1)', { kind: 'Record', fields: [] })).toMatch(/^0A000/)
  })
})

const names: readonly ScalarTypeName[] = [
  'bool',
  'int4',
  'int8',
  'float8',
  'numeric',
  'bytea',
  'uuid',
  'json',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'oid',
  'name',
]

test('any text is a value or an SqlError, never anything else', () => {
  const datetimes = fc.stringMatching(/^[0-9 :.+\-/TZBCandfmijy]{0,30}$/)
  const texts = fc.oneof(fc.string(), datetimes, fc.stringMatching(/^[{}",\\ 1NULa]{0,20}$/))
  fc.assert(
    fc.property(texts, fc.constantFrom(...names), fc.boolean(), (text, name, isArray) => {
      const type = isArray ? arrayOf(scalar(name)) : scalar(name)
      try {
        parseInput(text, type, { timeZone: 'Europe/Berlin', nowMicros: 0n })
      } catch (error) {
        if (!(error instanceof SqlError)) throw error
      }
    }),
    { numRuns: 2000 },
  )
})
