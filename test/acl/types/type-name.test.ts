import { describe, expect, test } from '@jest/globals'
import { typeFromName, typeText } from '../../../acl/types/type-name.ts'
import type { WrittenTypeName } from '../../../acl/types/type-name.ts'
import { SqlError } from '../../../errors/sql-error.ts'

function named(name: string, modifiers: readonly number[] = [], arrayDimensions = 0): string {
  return typeText(typeFromName({ name, modifiers, arrayDimensions }))
}

function refusal(written: WrittenTypeName): { readonly code: string; readonly message: string } {
  try {
    typeFromName(written)
  } catch (error) {
    if (error instanceof SqlError) return { code: error.sqlState, message: error.message }
    throw error
  }
  throw new Error('the type was accepted')
}

describe('the words for types', () => {
  test.each([
    ['int', 'integer'],
    ['int4', 'integer'],
    ['smallint', 'smallint'],
    ['bigint', 'bigint'],
    ['bool', 'boolean'],
    ['real', 'real'],
    ['float', 'double precision'],
    ['double precision', 'double precision'],
    ['decimal', 'numeric'],
    ['text', 'text'],
    ['character varying', 'character varying'],
    ['bpchar', 'bpchar'],
    ['char', 'character(1)'],
    ['timestamp', 'timestamp without time zone'],
    ['timestamptz', 'timestamp with time zone'],
    ['time', 'time without time zone'],
    ['interval', 'interval'],
    ['uuid', 'uuid'],
    ['json', 'json'],
    ['oid', 'oid'],
    ['name', 'name'],
    ['bytea', 'bytea'],
    ['date', 'date'],
  ])('PostgreSQL has %s for %s', (word, text) => {
    expect(named(word)).toBe(text)
  })

  test.each([
    ['symbol', 'character varying'],
    ['string', 'character varying'],
    ['long', 'bigint'],
    ['short', 'smallint'],
    ['byte', 'smallint'],
    ['double', 'double precision'],
    ['binary', 'bytea'],
  ])('QuestDB has %s for %s', (word, text) => {
    expect(named(word)).toBe(text)
  })

  test('modifiers are kept', () => {
    expect(named('varchar', [3])).toBe('character varying(3)')
    expect(named('char', [3])).toBe('character(3)')
    expect(named('numeric', [10, 2])).toBe('numeric(10,2)')
    expect(named('numeric', [10])).toBe('numeric(10,0)')
    expect(named('timestamp', [6])).toBe('timestamp without time zone')
    expect(named('interval', [0x7fff, 6])).toBe('interval')
  })

  test('arrays have one type for any number of dimensions', () => {
    expect(named('int', [], 2)).toBe('integer[]')
    expect(named('_int4')).toBe('integer[]')
    expect(named('text[]')).toBe('text[]')
    expect(named('varchar', [3], 1)).toBe('character varying(3)[]')
  })

  test('a row has no name of its own', () => {
    expect(typeText({ kind: 'Record', fields: [] })).toBe('record')
  })
})

describe('types that are refused', () => {
  test.each(['jsonb', 'long256', 'geohash', 'ipv4', 'timetz', 'inet', 'regclass', 'serial'])(
    '%s exists elsewhere and is not offered',
    (name) => {
      expect(refusal({ name, modifiers: [], arrayDimensions: 0 })).toEqual({
        code: '0A000',
        message: `type "${name}" is not supported`,
      })
    },
  )

  test('a word that is no type does not exist', () => {
    expect(refusal({ name: 'foo', modifiers: [], arrayDimensions: 0 })).toEqual({
      code: '42704',
      message: 'type "foo" does not exist',
    })
  })

  test('no schema but pg_catalog has types', () => {
    const written = { name: 'int4', modifiers: [], arrayDimensions: 0 }
    expect(typeText(typeFromName({ ...written, schema: 'pg_catalog' }))).toBe('integer')
    expect(refusal({ ...written, schema: 'public' }).code).toBe('42704')
  })

  test.each([
    ['text', [3], '22023'],
    ['varchar', [0], '22023'],
    ['varchar', [10_485_761], '22023'],
    ['varchar', [1, 2], '22023'],
    ['numeric', [0], '22023'],
    ['numeric', [1001], '22023'],
    ['numeric', [10, 1001], '22023'],
    ['numeric', [10, 2, 3], '22023'],
    ['numeric', [39], '0A000'],
    ['numeric', [3, 5], '0A000'],
    ['numeric', [3, -1], '0A000'],
    ['timestamp', [3], '0A000'],
    ['interval', [4], '0A000'],
  ])('%s%j is %s', (name, modifiers, code) => {
    expect(refusal({ name, modifiers, arrayDimensions: 0 }).code).toBe(code)
  })
})
