import { beforeAll, expect, test } from '@jest/globals'
import { bind } from '../../../acl/enforcement/bind.ts'
import { loadParser, parseStatements } from '../../../parser/parse.ts'
import { isLoneRelation, loneRelation } from '../../../server/session/lone-relation.ts'
import { World } from '../../acl/world.ts'

beforeAll(loadParser)

const { schema } = World.after().model

/** Whether a query is taken for one relation by its text, and which columns come out by what it is bound to. */
function looksOf(sql: string): readonly [boolean, readonly number[] | undefined] {
  const [parsed] = parseStatements(sql)
  if (parsed?.statement.kind !== 'Query') throw new Error('a query is expected')
  const options = { schema, parameterTypes: [], searchPath: ['public'], allocateOid: () => 1 }
  const bound = bind(parsed.statement, options)
  const lone = bound.kind === 'Data' ? loneRelation(bound.statement) : undefined
  return [isLoneRelation(parsed.statement), lone?.columns]
}

test.each([
  ['SELECT * FROM all_permissions()', [1, 2, 3]],
  ['SELECT level, permission AS p, level FROM all_permissions() AS x', [2, 1, 2]],
  ['SELECT x.* FROM all_permissions() x', [1, 2, 3]],
])('%s needs no engine', (sql, columns) => {
  expect(looksOf(sql)).toEqual([true, columns])
})

test.each([
  'SELECT count(*) FROM all_permissions()',
  "SELECT * FROM all_permissions() WHERE level = 'x'",
  'SELECT * FROM all_permissions() ORDER BY 1',
  'SELECT * FROM all_permissions() LIMIT 1',
  'SELECT DISTINCT level FROM all_permissions()',
  'SELECT level FROM all_permissions() GROUP BY level',
  'SELECT * FROM all_permissions(), tables()',
  'SELECT * FROM all_permissions() UNION ALL SELECT * FROM all_permissions()',
  'WITH w AS (SELECT 1) SELECT * FROM all_permissions()',
  'SELECT permission, 1 FROM all_permissions()',
  'SELECT * FROM (SELECT * FROM all_permissions()) x',
  'SELECT * FROM generate_series(1, 2)',
  'SELECT 1',
])('%s is the engine’s', (sql) => {
  expect(looksOf(sql)).toEqual([false, undefined])
})

test('a whole row is the engine’s, though it is written as a column', () => {
  expect(looksOf('SELECT x FROM all_permissions() x')[1]).toBeUndefined()
})
