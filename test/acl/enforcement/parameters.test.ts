import { beforeAll, describe, expect, test } from '@jest/globals'
import { typeText } from '../../../acl/types/type-name.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'

const schema = schemaOf([table('t', 'a int4, b text, c float8, ts timestamp, n numeric')])

beforeAll(loadParser)

describe('a parameter takes the type of its context', () => {
  test.each([
    ['SELECT $1', ['text']],
    ['SELECT $1::int8', ['bigint']],
    ['SELECT a FROM t WHERE a = $1', ['integer']],
    ['SELECT a FROM t WHERE $1 < ts', ['timestamp without time zone']],
    ['SELECT a FROM t WHERE a IN ($1, $2)', ['integer', 'integer']],
    ['SELECT a FROM t WHERE c BETWEEN $1 AND $2', ['double precision', 'double precision']],
    ['SELECT a FROM t WHERE a = ANY ($1)', ['integer[]']],
    ['SELECT a FROM t WHERE b LIKE $1', ['text']],
    ['SELECT coalesce(n, $1) FROM t', ['numeric']],
    ['SELECT CASE WHEN $1 THEN a ELSE $2 END FROM t', ['boolean', 'integer']],
    ['SELECT a + $1, $1 FROM t', ['integer']],
    ['SELECT a FROM t LIMIT $1 OFFSET $2', ['bigint', 'bigint']],
    ['SELECT upper($1)', ['text']],
    ['SELECT $1 UNION SELECT a FROM t', ['integer']],
    ['SELECT $2::int4', ['text', 'integer']],
    [
      'INSERT INTO t VALUES ($1, $2, $3, $4)',
      ['integer', 'text', 'double precision', 'timestamp without time zone'],
    ],
    ['INSERT INTO t (n) SELECT $1', ['numeric']],
    ['INSERT INTO t (a) VALUES ($1), ($2)', ['integer', 'integer']],
    ['UPDATE t SET n = $1 WHERE b = $2', ['numeric', 'text']],
    ['DELETE FROM t WHERE (a, b) = ($1, $2)', ['integer', 'text']],
  ])('%s', (sql, types) => {
    const binding = bindText(sql, optionsFor(schema))
    if (binding.kind !== 'Data') throw new Error(JSON.stringify(outcome(binding)))
    expect(binding.parameters.map(typeText)).toEqual(types)
  })
})

describe('a type that Parse declared holds', () => {
  test('and is cast where another is wanted', () => {
    const options = optionsFor(schema, { parameterTypes: [{ kind: 'Scalar', name: 'int8' }] })
    const binding = bindText('SELECT a FROM t WHERE a = $1', options)
    expect(binding).toMatchObject({ kind: 'Data', parameters: [{ name: 'int8' }] })
  })
  test('or refused where none leads there', () => {
    const options = optionsFor(schema, { parameterTypes: [{ kind: 'Scalar', name: 'uuid' }] })
    expect(outcome(bindText('SELECT a FROM t WHERE a = $1', options)).error).toMatch(/^42883 /u)
  })
})
