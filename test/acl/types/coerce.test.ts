import { describe, expect, test } from '@jest/globals'
import { canCoerce, categoryOf, commonType, isPreferred } from '../../../acl/types/coerce.ts'
import type { CoercionContext } from '../../../acl/types/coerce.ts'
import { arrayOf, scalar } from '../../../acl/types/scalar.ts'
import type { ArgumentType } from '../../../acl/types/scalar.ts'
import { typeText } from '../../../acl/types/type-name.ts'
import type { ScalarTypeName, SqlType } from '../../../store/sql-type.ts'

const contexts: readonly CoercionContext[] = ['implicit', 'assignment', 'explicit']

/** The least context in which the coercion is admitted. */
function leastContext(from: ArgumentType, to: SqlType): CoercionContext | undefined {
  return contexts.find((context) => canCoerce({ from, to, context }))
}

function row(...fields: readonly SqlType[]): SqlType {
  return { kind: 'Record', fields }
}

function ofLength(length: number): SqlType {
  return { ...scalar('varchar'), length }
}

function common(...types: readonly ArgumentType[]): string | undefined {
  const type = commonType(types)
  return type === undefined ? undefined : typeText(type)
}

describe('which type may become which', () => {
  test.each<[ScalarTypeName, ScalarTypeName, CoercionContext | undefined]>([
    ['int2', 'int4', 'implicit'],
    ['int4', 'int8', 'implicit'],
    ['int4', 'int2', 'assignment'],
    ['int4', 'bool', 'explicit'],
    ['bool', 'int4', 'explicit'],
    ['bool', 'int8', undefined],
    ['bool', 'text', 'assignment'],
    ['numeric', 'float8', 'implicit'],
    ['float8', 'numeric', 'assignment'],
    ['date', 'timestamp', 'implicit'],
    ['timestamp', 'date', 'assignment'],
    ['timestamp', 'timestamptz', 'implicit'],
    ['timestamptz', 'timestamp', 'assignment'],
    ['time', 'interval', 'implicit'],
    ['interval', 'time', 'assignment'],
    ['text', 'varchar', 'implicit'],
    ['text', 'int4', 'explicit'],
    ['int4', 'text', 'assignment'],
    ['uuid', 'text', 'assignment'],
    ['text', 'uuid', 'explicit'],
    ['uuid', 'int4', undefined],
    ['bytea', 'int4', undefined],
    ['oid', 'int4', 'assignment'],
    ['int4', 'oid', 'implicit'],
    ['json', 'text', 'assignment'],
    ['date', 'int4', undefined],
  ])('%s to %s: %s', (from, to, context) => {
    expect(leastContext(scalar(from), scalar(to))).toBe(context)
  })

  test('an untyped literal may become anything', () => {
    expect(leastContext('unknown', scalar('uuid'))).toBe('implicit')
  })

  test('arrays follow their elements', () => {
    const int4s = arrayOf(scalar('int4'))
    expect(leastContext(int4s, arrayOf(scalar('int8')))).toBe('implicit')
    expect(leastContext(int4s, arrayOf(scalar('int2')))).toBe('assignment')
    expect(leastContext(int4s, scalar('text'))).toBe('assignment')
    expect(leastContext(scalar('text'), int4s)).toBe('explicit')
    expect(leastContext(int4s, scalar('int4'))).toBeUndefined()
  })

  test('rows follow their fields and have no text', () => {
    expect(leastContext(row(scalar('int4')), row(scalar('int8')))).toBe('implicit')
    expect(leastContext(row(scalar('int4')), row(scalar('int2')))).toBe('assignment')
    expect(leastContext(row(scalar('int4')), row())).toBeUndefined()
    expect(leastContext(row(), scalar('text'))).toBeUndefined()
    expect(leastContext(scalar('text'), row())).toBeUndefined()
  })
})

describe('the common type of several', () => {
  test.each<[readonly ArgumentType[], string | undefined]>([
    [['unknown', 'unknown'], 'text'],
    [[], 'text'],
    [['unknown', scalar('int4')], 'integer'],
    [[scalar('int4'), scalar('int8')], 'bigint'],
    [[scalar('int8'), scalar('int4')], 'bigint'],
    [[scalar('int4'), scalar('numeric')], 'numeric'],
    [[scalar('numeric'), scalar('float8')], 'double precision'],
    [[scalar('float8'), scalar('numeric')], 'double precision'],
    [[scalar('date'), scalar('timestamptz')], 'timestamp with time zone'],
    [[scalar('date'), scalar('timestamp')], 'timestamp without time zone'],
    [[scalar('varchar'), scalar('text')], 'character varying'],
    [[scalar('text'), scalar('varchar')], 'text'],
    [[scalar('name'), scalar('text')], 'name'],
    [[scalar('int4'), scalar('text')], undefined],
    [[scalar('uuid'), scalar('json')], undefined],
    [[scalar('date'), scalar('time')], undefined],
    [[arrayOf(scalar('int4')), arrayOf(scalar('int8'))], 'bigint[]'],
  ])('%j have %s', (types, expected) => {
    expect(common(...types)).toBe(expected)
  })

  test('equal modifiers are kept, unequal ones are dropped', () => {
    expect(common(ofLength(3), ofLength(3), 'unknown')).toBe('character varying(3)')
    expect(common(ofLength(3), ofLength(4))).toBe('character varying')
  })
})

test('categories and preferred types are those of pg_type', () => {
  expect(categoryOf(scalar('int4'))).toBe('N')
  expect(categoryOf(arrayOf(scalar('int4')))).toBe('A')
  expect(categoryOf({ kind: 'Record', fields: [] })).toBe('P')
  expect(isPreferred(scalar('float8'))).toBe(true)
  expect(isPreferred(scalar('numeric'))).toBe(false)
})
