/** DECLARE (V7) as it is read: what is cut out of the text, and where. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import type { QuerySyntax, VariableUses } from '../../parser/statement.ts'
import { sqlErrorOf } from './sql-error-of.ts'

beforeAll(loadParser)

function queryOf(sql: string): QuerySyntax<unknown> {
  const [parsed] = parseStatements(sql)
  const statement = parsed?.statement
  const inner = statement?.kind === 'Explain' ? statement.statement : statement
  if (inner === undefined || !('query' in inner)) throw new Error(`not a query: ${sql}`)
  return inner.query
}

/** `8:x`: a variable and the offset of its `@`. */
function uses(variables: VariableUses | undefined): readonly string[] | undefined {
  return variables && [...variables].map(([offset, { text }]) => `${offset}:${text}`)
}

describe('declarations', () => {
  test.each([
    ['DECLARE @x := 1 SELECT @x', ['x := 1']],
    ['declare @x:=1,@y:=@x+1 select @y', ['x := 1', 'y := @x+1']],
    ['DECLARE OVERRIDABLE @x := 1, @y := 2 SELECT 1', ['OVERRIDABLE x := 1', 'y := 2']],
    ["DECLARE @x := coalesce('a', 'b,c') SELECT @x", ["x := coalesce('a', 'b,c')"]],
    ['DECLARE @x := CASE WHEN true THEN 1 END WITH q AS (SELECT 1) SELECT @x', undefined],
    ["DECLARE @t := timestamp with time zone '2024-01-01' SELECT @t", undefined],
    ['DECLARE @end := 1, @case := @end, @select := @case SELECT @select', undefined],
    ['DECLARE @x := (SELECT 1) SELECT @x', ['x := (SELECT 1)']],
    ['EXPLAIN DECLARE @x := 1 SELECT @x', ['x := 1']],
    ['CREATE VIEW v AS (DECLARE @x := 1 SELECT @x AS x)', ['x := 1']],
    ['CREATE VIEW v AS DECLARE @x := 1 SELECT @x AS x OWNED BY bob', ['x := 1']],
    ['ALTER VIEW v AS (DECLARE @x := 1 SELECT @x AS x)', ['x := 1']],
    ['CREATE TABLE t AS (DECLARE @x := 1 SELECT @x AS x)', ['x := 1']],
  ])('%s', (sql, expected) => {
    const { declarations = [], text } = queryOf(sql)
    expect(text).toMatch(/^declare .*select/i)
    const shown = declarations.map(
      ({ name, overridable, expression }) =>
        `${overridable ? 'OVERRIDABLE ' : ''}${name.text} := ${expression.text}`,
    )
    if (expected === undefined) expect(shown).not.toHaveLength(0)
    else expect(shown).toEqual(expected)
  })
})

describe('variables are cut out by token', () => {
  test.each([
    ['DECLARE @x := 1 SELECT @x, @Y', ['23:x', '27:Y']],
    ['DECLARE @x := 1 SELECT a=@x, b<@x', ['25:x', '31:x']],
    ['DECLARE @x := 1 SELECT a<@ b, @ a', []],
    ['DECLARE @x := 1 SELECT \'@x\', "@x", $$@x$$ /* @x */ -- @x', []],
    ["DECLARE @x := 1 SELECT 'é', @x::int[1]", ['28:x']],
  ])('%s', (sql, expected) => {
    expect(uses(queryOf(sql).variables)).toEqual(expected)
  })

  test('places behind one are places in the text', () => {
    const { tree, offsetOf } = queryOf("DECLARE @é := 'ü' SELECT @é, beta FROM t")
    const locations: (number | undefined)[] = []
    JSON.stringify(tree, (key, value: unknown) => {
      if (key === 'ColumnRef' && typeof value === 'object' && value !== null) {
        locations.push('location' in value ? offsetOf(Number(value.location)) : undefined)
      }
      return value
    })
    expect(locations).toEqual([29])
  })

  test('without DECLARE an @ is an operator', () => {
    const query = queryOf('SELECT @a FROM t')
    expect(query.variables).toBeUndefined()
    expect(JSON.stringify(query.tree)).toContain('"@"')
  })
})

describe('what is no declaration is refused where it stands', () => {
  test.each([
    ['DECLARE @x := 1', 'syntax error at end of input', 15],
    ['DECLARE @x = 1 SELECT 1', 'syntax error at or near "="', 11],
    ['DECLARE @ x := 1 SELECT 1', 'syntax error at or near "@"', 8],
    ['DECLARE @x := SELECT 1', 'syntax error at or near "SELECT"', 14],
    ['DECLARE @x := 1, SELECT 1', 'syntax error at or near "SELECT"', 17],
    ['DECLARE @x := 1 2 SELECT 1', 'syntax error at or near "2"', 16],
    ['DECLARE @x := 1 AS y SELECT 1', 'syntax error at or near "AS"', 16],
    ['DECLARE @x := 1) SELECT 1', 'syntax error at or near ")"', 15],
    ['DECLARE @x := 1 SELECT @x @x', 'syntax error at or near "@x"', 26],
    ['DECLARE @x := 1 SELECT@x', 'syntax error at or near "@x"', 22],
    ['DECLARE @x := 1 SELECT 1 FROM @x', 'syntax error at or near "@x"', 30],
    ['DECLARE @x := 1 SELECT 1 AS @x', 'syntax error at or near "@x"', 28],
    ['DECLARE @x := 1 VALUES (@x)', 'syntax error at or near "VALUES"', 16],
    ['DECLARE @x := 1 DELETE FROM t', 'syntax error at or near "DELETE"', 16],
    ['DECLARE @x := 1 WITH q AS (SELECT 1) DELETE FROM t', 'syntax error at or near "WITH"', 16],
  ])('%s', (sql, message, offset) => {
    const error = sqlErrorOf(() => parseStatements(sql))
    expect(error).toMatchObject({ sqlState: '42601', message, offset })
  })

  test('a name that PostgreSQL would cut off', () => {
    const name = 'x'.repeat(63)
    expect(queryOf(`DECLARE @${name} := 1 SELECT @${name}`).declarations).toHaveLength(1)
    expect(sqlErrorOf(() => parseStatements(`DECLARE @${name}x := 1 SELECT 1`))).toMatchObject({
      sqlState: '42622',
      offset: 8,
    })
  })

  test('more than a query may declare', () => {
    const list = Array.from({ length: 101 }, (_one, index) => `@v${index} := 1`).join(', ')
    expect(sqlErrorOf(() => parseStatements(`DECLARE ${list} SELECT 1`))).toMatchObject({
      sqlState: '54001',
    })
  })
})
