import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { relationPermissions } from '../../acl/permission-registry.ts'
import { World } from './world.ts'

beforeAll(loadParser)

const setUp = [
  'CREATE USER bob',
  'CREATE USER amy',
  'CREATE GROUP team',
  'CREATE SERVICE ACCOUNT app',
  'GRANT CREATE SERVICE ACCOUNT TO bob',
  'GRANT CREATE SERVICE ACCOUNT TO app',
]

/** Permissions that end in the option, without the words that say so. */
const owned = (world: World, of: string): readonly string[] =>
  world
    .permissions(of)
    .filter((row) => row.endsWith(' WITH GRANT OPTION'))
    .map((row) => row.replace(' WITH GRANT OPTION', ''))

const viewRows = ['ALTER VIEW on v', 'COMPILE VIEW on v', 'DROP VIEW on v', 'SELECT on v']

describe('who creates', () => {
  test('a table gets every permission that applies to tables (G51)', () => {
    const world = World.after(...setUp)
    world.run('bob: CREATE TABLE t (a INT)')
    const expected = relationPermissions
      .filter(({ appliesTo }) => appliesTo.includes('table'))
      .map(({ name }) => `${name} on t`)
      .toSorted()
    expect(owned(world, 'bob')).toEqual(expected)
    expect(expected).toContain('DELETE on t')
  })

  test('a view gets the four of views (G51)', () => {
    const world = World.after(...setUp)
    world.run('bob: CREATE VIEW v AS (SELECT 1)')
    expect(owned(world, 'bob')).toEqual(viewRows)
  })

  test('columns gets those of column granularity, and so the timestamp implicitly (G51, G55)', () => {
    const world = World.after(...setUp, 'CREATE TABLE t (ts TIMESTAMP) TIMESTAMP(ts)')
    world.run('bob: ALTER TABLE t ADD COLUMN a INT, b INT')
    expect(owned(world, 'bob')).toHaveLength(20)
    expect(owned(world, 'bob')).toContain('UPDATE on t(b)')
    expect(world.permissions('bob')).toContain('SELECT on t(ts) implicitly')
  })

  test('a service account gets the link to it, with the option (G51)', () => {
    const world = World.after(...setUp)
    world.run('bob: CREATE SERVICE ACCOUNT s')
    expect(world.show('SHOW SERVICE ACCOUNTS bob')).toEqual([['s', true]])
  })

  test('as the built-in admin gives nothing to anybody (A5, G53)', () => {
    const world = World.after('CREATE TABLE t (a INT)', 'CREATE SERVICE ACCOUNT s')
    expect(world.model.entries.size + world.model.links.size).toBe(0)
  })

  test('while an account is assumed gives to the account (G53, U10)', () => {
    const world = World.after(...setUp)
    world.assume('bob', 'app')
    world.run('bob: CREATE VIEW v AS (SELECT 1)')
    expect(owned(world, 'app')).toEqual(viewRows)
    expect(owned(world, 'bob')).toEqual([])
  })

  test('entries are ordinary ones: normalised and revocable (G52)', () => {
    const world = World.after(...setUp, 'GRANT SELECT ON ALL TABLES TO bob WITH GRANT OPTION')
    world.run('bob: CREATE VIEW v AS (SELECT 1)')
    expect(owned(world, 'bob')).toEqual(['SELECT', ...viewRows.slice(0, 3)])
    world.run('REVOKE ALL ON v FROM bob')
    expect(owned(world, 'bob')).toEqual([])
  })
})

describe('OWNED BY', () => {
  test.each(['amy', 'team', 'app'])('%s has the entries instead (G53)', (owner) => {
    const world = World.after(...setUp)
    world.run(`bob: CREATE VIEW v AS (SELECT 1) OWNED BY ${owner}`)
    expect(owned(world, owner)).toEqual(viewRows)
    expect(owned(world, 'bob')).toEqual([])
  })

  test('is for tables, columns and accounts too', () => {
    const world = World.after(...setUp)
    world.run('bob: CREATE TABLE t (a INT) OWNED BY amy')
    world.run('bob: ALTER TABLE t ADD COLUMN b INT OWNED BY team')
    world.run('bob: CREATE SERVICE ACCOUNT s OWNED BY team')
    expect(owned(world, 'amy')).toContain('INSERT on t')
    expect(owned(world, 'team')).toContain('SELECT on t(b)')
    expect(world.show('SHOW SERVICE ACCOUNTS team')).toEqual([['s', true]])
  })

  test('of the built-in admin has no effect (D6)', () => {
    const world = World.after(...setUp)
    world.run("bob: CREATE VIEW v AS (SELECT 1) OWNED BY 'admin'")
    world.run('bob: ALTER VIEW v AS (SELECT 2)')
    world.run("bob: CREATE TABLE t (a INT) OWNED BY 'admin'")
    world.run("bob: ALTER TABLE t ADD COLUMN b INT OWNED BY 'admin'")
    world.run("bob: CREATE SERVICE ACCOUNT s OWNED BY 'admin'")
    expect(owned(world, 'bob')).toEqual([])
  })

  test.each([
    ['bob: CREATE TABLE t (a INT) OWNED BY nobody', '42704 entity does not exist [name=nobody]'],
    [
      'bob: CREATE VIEW v AS (SELECT 1) OWNED BY nobody',
      '42704 entity does not exist [name=nobody]',
    ],
    ['bob: CREATE SERVICE ACCOUNT s OWNED BY nobody', '42704 entity does not exist [name=nobody]'],
    [
      'bob: CREATE SERVICE ACCOUNT s OWNED BY app',
      '0LP01 service accounts cannot assume service accounts',
    ],
    ['app: CREATE SERVICE ACCOUNT s', '0LP01 OWNED BY is required'],
  ])('%s fails: %s (G53, D28)', (statement, failure) => {
    expect(World.after(...setUp).failure(statement)).toBe(failure)
  })

  test('lets a service account create one for somebody (D28)', () => {
    const world = World.after(...setUp)
    world.run('app: CREATE SERVICE ACCOUNT s OWNED BY amy')
    expect(world.show('SHOW SERVICE ACCOUNTS amy')).toEqual([['s', true]])
    expect(() => world.run('app: CREATE SERVICE ACCOUNT IF NOT EXISTS s')).not.toThrow()
  })
})

test('what is there already gives nobody anything (G54)', () => {
  const world = World.after(...setUp, 'CREATE TABLE t (a INT)', 'CREATE VIEW v AS (SELECT 1)')
  world.run('bob: CREATE TABLE IF NOT EXISTS t (a INT)')
  world.run('bob: CREATE OR REPLACE VIEW v AS (SELECT 2)')
  world.run('bob: ALTER VIEW v AS (SELECT 3)')
  expect(owned(world, 'bob')).toEqual([])
})
