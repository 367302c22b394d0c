import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { serverRelationRows, serverRelations } from '../../acl/server-relations.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { noFacts } from './no-facts.ts'
import { failureOf, World } from './world.ts'

beforeAll(loadParser)

const rows = (
  world: World,
  who: string,
  relation: string,
  ...args: readonly SqlValue[]
): readonly (readonly SqlValue[])[] =>
  serverRelationRows(relation, {
    model: world.model,
    actor: world.actor(who),
    args,
    facts: noFacts,
  })

const setUp = [
  'CREATE TABLE t (a INT, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY WAL',
  'CREATE TABLE plain (a INT)',
  'CREATE VIEW v AS (SELECT 1)',
  'CREATE USER zoe',
  'CREATE GROUP g',
  'CREATE SERVICE ACCOUNT app',
  'ADD USER zoe TO g',
  'GRANT SELECT ON t(a) TO g',
  'GRANT HTTP TO zoe WITH GRANT OPTION',
  'GRANT INSERT ON later TO zoe',
  'ALTER SERVICE ACCOUNT app DISABLE',
  'GRANT ILP TO app',
]

describe('functions of the server (9.5)', () => {
  test('each row is as wide as its columns', () => {
    const world = World.after(...setUp)
    for (const [name, { columns, arity }] of serverRelations) {
      const args = arity[0] === 0 ? [] : ['t']
      for (const row of rows(world, 'admin', name, ...args)) {
        expect([name, row.length]).toEqual([name, columns.length])
      }
    }
    expect(() => rows(world, 'admin', 'nosuch')).toThrow('invariant violated')
  })

  test('all_permissions() is for everybody (W19)', () => {
    const all = rows(World.after(...setUp), 'zoe', 'all_permissions')
    expect(all).toHaveLength(81)
    expect(all.find(([name]) => name === 'PGWIRE')?.[1]).toBe('Database')
  })

  test('permissions() is SHOW PERMISSIONS (9.5)', () => {
    const world = World.after(...setUp)
    const expected = [
      ['HTTP', null, null, true, 'G'],
      ['SELECT', 't', 'a', false, 'G'],
      ['SELECT', 't', 'ts', false, 'I'],
    ]
    expect(rows(world, 'zoe', 'permissions')).toEqual(expected)
    expect(rows(world, 'admin', 'permissions', 'ZOE')).toEqual(expected)
    expect(failureOf(() => rows(world, 'zoe', 'permissions', 'app'))).toBe(
      '42501 Access denied for zoe [USER DETAILS]',
    )
    expect(failureOf(() => rows(world, 'admin', 'permissions', null))).toBe(
      '42704 entity does not exist [name=null]',
    )
  })

  test('active_permissions() is what is in force for everybody stored (W19)', () => {
    expect(rows(World.after(...setUp), 'admin', 'active_permissions')).toEqual([
      ['app', 'Service Account', 'ILP', null, null, false],
      ['g', 'Group', 'SELECT', 't', 'a', false],
      ['g', 'Group', 'SELECT', 't', 'ts', false],
      ['zoe', 'User', 'HTTP', null, null, true],
      ['zoe', 'User', 'SELECT', 't', 'a', false],
      ['zoe', 'User', 'SELECT', 't', 'ts', false],
    ])
  })

  test('active_permissions() says what DATABASE ADMIN stands for (L8, W19)', () => {
    const world = World.after('CREATE USER dba', 'GRANT DATABASE ADMIN, SQL ENGINE ADMIN TO dba')
    const all = rows(world, 'admin', 'active_permissions')
    expect(all).toHaveLength(80)
    expect(all).toContainEqual(['dba', 'User', 'SELECT', null, null, true])
    expect(all).toContainEqual(['dba', 'User', 'DATABASE ADMIN', null, null, false])
    expect(rows(world, 'admin', 'active_grants')).toHaveLength(2)
  })

  test('active_grants() is neither inherited nor implicit (W19)', () => {
    expect(rows(World.after(...setUp), 'admin', 'active_grants')).toEqual([
      ['app', 'Service Account', 'ILP', null, null, false],
      ['g', 'Group', 'SELECT', 't', 'a', false],
      ['zoe', 'User', 'HTTP', null, null, true],
    ])
  })

  test.each([
    ['active_permissions', 'USER DETAILS', 'LIST USERS'],
    ['active_grants', 'LIST USERS', 'USER DETAILS'],
  ])('%s() needs more than %s (W19)', (relation, held, missing) => {
    const world = World.after(...setUp, `GRANT ${held} TO zoe`)
    expect(failureOf(() => rows(world, 'zoe', relation))).toBe(
      `42501 Access denied for zoe [${missing}]`,
    )
  })

  test('tables() is what one sees, and of it what one sees (G60)', () => {
    const world = World.after(...setUp, 'GRANT DROP COLUMN ON plain(a) TO zoe')
    const defaults = [500_000, 600_000_000n]
    const unlimited = [0, 'HOUR', false]
    const seen = (who: string): unknown => rows(world, who, 'tables').map(([, ...row]) => row)
    expect(seen('zoe')).toEqual([
      ['plain', null, 'NONE', ...defaults, false, false, ...unlimited],
      ['t', 'ts', 'DAY', ...defaults, true, false, ...unlimited],
    ])
    expect(seen('admin')).toEqual([
      ['plain', null, 'NONE', ...defaults, false, false, ...unlimited],
      ['t', 'ts', 'DAY', ...defaults, true, false, ...unlimited],
      ['v', null, 'NONE', null, null, false, false, ...unlimited],
    ])
    world.run('REVOKE SELECT ON t(a) FROM g')
    world.run('GRANT DROP COLUMN ON t(a) TO g')
    expect(seen('zoe')).toContainEqual(['t', null, 'DAY', ...defaults, true, false, ...unlimited])
  })

  test('table_columns() is SHOW COLUMNS', () => {
    const world = World.after(...setUp)
    expect(rows(world, 'zoe', 'table_columns', 't').map(([name]) => name)).toEqual(['a', 'ts'])
    expect(failureOf(() => rows(world, 'zoe', 'table_columns', 'plain'))).toBe(
      '42501 Access denied for zoe [SELECT on plain]',
    )
  })
})
