import { describe, expect, test } from '@jest/globals'
import { applyOperator, resolveOperator } from '../../../acl/types/operators.ts'
import { arrayOf, scalar } from '../../../acl/types/scalar.ts'
import type { ArgumentType } from '../../../acl/types/scalar.ts'
import { typeFromName, typeText } from '../../../acl/types/type-name.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import type { BoundExpression } from '../../../store/bound.ts'

function typeOf(word: string): ArgumentType {
  return word === 'unknown' ? word : typeFromName({ name: word, modifiers: [], arrayDimensions: 0 })
}

/** `left operator right` in the words of types, as it was resolved. */
function resolved(left: string | undefined, operator: string, right: string): string {
  const found = resolveOperator({
    operator,
    left: left === undefined ? undefined : typeOf(left),
    right: typeOf(right),
  })
  if (found === undefined) return 'none'
  const before = found.kind === 'Prefix' ? '' : `${typeText(found.left)} `
  return `${before}${typeText(found.right)} -> ${typeText(found.result)}`
}

describe('PostgreSQL chooses the operator by the types', () => {
  test.each([
    ['int', '+', 'bigint', 'integer bigint -> bigint'],
    ['smallint', '+', 'smallint', 'smallint smallint -> smallint'],
    ['int', '*', 'numeric', 'numeric numeric -> numeric'],
    ['numeric', '*', 'float8', 'double precision double precision -> double precision'],
    ['int', '/', 'int', 'integer integer -> integer'],
    ['int', '^', 'int', 'double precision double precision -> double precision'],
    ['date', '-', 'date', 'date date -> integer'],
    ['date', '+', 'int', 'date integer -> date'],
    [
      'timestamp',
      '-',
      'timestamp',
      'timestamp without time zone timestamp without time zone -> interval',
    ],
    ['interval', '*', 'int', 'interval double precision -> interval'],
    ['text', '||', 'text', 'text text -> text'],
    ['int', '||', 'text', 'text text -> text'],
    ['text[]', '||', 'text', 'text[] text -> text[]'],
    ['int[]', '||', 'int[]', 'integer[] integer[] -> integer[]'],
    ['int[]', '||', 'bigint', 'bigint[] bigint -> bigint[]'],
    ['date', '<', 'timestamptz', 'timestamp with time zone timestamp with time zone -> boolean'],
    ['json', '->>', 'int', 'json integer -> text'],
    ['varchar', '=', 'varchar', 'text text -> boolean'],
    ['int[]', '@>', 'int[]', 'integer[] integer[] -> boolean'],
  ])('%s %s %s is %s', (left, operator, right, expected) => {
    expect(resolved(left, operator, right)).toBe(expected)
  })

  test.each([
    ['unknown', '+', 'int', 'integer integer -> integer'],
    ['date', '-', 'unknown', 'date date -> integer'],
    ['unknown', '||', 'unknown', 'text text -> text'],
    ['unknown', '=', 'unknown', 'text text -> boolean'],
    ['varchar', '=', 'unknown', 'text text -> boolean'],
    ['int[]', '||', 'unknown', 'integer[] integer[] -> integer[]'],
    ['json', '->', 'unknown', 'json text -> json'],
    [
      'timestamp',
      '+',
      'unknown',
      'timestamp without time zone interval -> timestamp without time zone',
    ],
  ])('an untyped literal: %s %s %s is %s', (left, operator, right, expected) => {
    expect(resolved(left, operator, right)).toBe(expected)
  })

  test.each([
    [undefined, '-', 'int', 'integer -> integer'],
    [undefined, '~', 'bigint', 'bigint -> bigint'],
    [undefined, '||/', 'int', 'double precision -> double precision'],
  ])('before its operand: %s%s %s is %s', (left, operator, right, expected) => {
    expect(resolved(left, operator, right)).toBe(expected)
  })

  test.each([
    ['json', '=', 'json'],
    ['int', '||', 'int'],
    ['int', '=', 'text'],
    ['bool', '+', 'bool'],
    ['date', '+', 'date'],
    ['int', '<->', 'int'],
    ['int[]', '@>', 'text[]'],
  ])('there is no %s %s %s', (left, operator, right) => {
    expect(resolved(left, operator, right)).toBe('none')
  })

  test('no operator stands before a text', () => {
    expect(resolved(undefined, '-', 'text')).toBe('none')
    expect(resolved(undefined, '!!', 'int')).toBe('none')
  })

  test('what PostgreSQL cannot choose either is 42725', () => {
    expect(() => resolved('unknown', '+', 'unknown')).toThrow(SqlError)
    expect(() => resolved(undefined, '~', 'unknown')).toThrow('operator is not unique: ~ unknown')
  })
})

describe('the form that the store runs', () => {
  const left: BoundExpression = { kind: 'ColumnReference', range: 1, column: 1 }
  const right: BoundExpression = { kind: 'ColumnReference', range: 1, column: 2 }

  function built(operator: string, type: ArgumentType): BoundExpression {
    const found = resolveOperator({ operator, left: type, right: type })
    if (found === undefined) throw new Error(`no operator ${operator}`)
    return applyOperator(found, left, right)
  }

  test('most are operators of the store', () => {
    expect(built('+', scalar('int4'))).toEqual({
      kind: 'BinaryOperation',
      operator: '+',
      left,
      right,
      type: scalar('int4'),
    })
    expect(built('!=', scalar('int4'))).toMatchObject({ operator: '<>' })
    expect(built('&&', arrayOf(scalar('int4')))).toMatchObject({ operator: '&&' })
  })

  test('LIKE is a match, and ^@ a function', () => {
    expect(built('!~~*', scalar('text'))).toMatchObject({
      kind: 'LikeMatch',
      caseInsensitive: true,
      negated: true,
    })
    expect(built('^@', scalar('text'))).toMatchObject({ function: 'starts_with' })
  })

  test('an operator before its operand takes that alone', () => {
    const found = resolveOperator({ operator: '-', right: scalar('int4') })
    if (found === undefined) throw new Error('no minus')
    expect(applyOperator(found, undefined, right)).toMatchObject({
      kind: 'PrefixOperation',
      operand: right,
    })
  })
})
