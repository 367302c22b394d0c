import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { decide } from '../../acl/decide.ts'
import { accessDenied } from '../../acl/denial.ts'
import { foldName } from '../../acl/names.ts'
import { permission } from '../../acl/permission-registry.ts'
import type { Requirement } from '../../acl/requirement.ts'
import { columnsOf, requirementOf, tableNamed, World } from './world.ts'

beforeAll(loadParser)

const setUp = [
  'CREATE TABLE t (a INT, b INT, c INT, d INT, ts TIMESTAMP) TIMESTAMP(ts)',
  'CREATE TABLE plain (a INT, b INT)',
  'CREATE TABLE s.u (a INT, b INT)',
  'CREATE VIEW v AS (SELECT 1)',
  'CREATE USER bob',
  'CREATE GROUP g',
  'ADD USER bob TO g',
]

const anyColumn = (name: string, table: string): Requirement => ({
  kind: 'AnyColumn',
  permission: permission(name),
  relation: tableNamed(table),
})

const unknownRelation = (name: string, table: string): Requirement => ({
  kind: 'UnknownRelation',
  permission: permission(name),
  relation: tableNamed(table),
})

const unknownColumn = (name: string, table: string, column: string): Requirement => ({
  kind: 'UnknownColumn',
  permission: permission(name),
  relation: tableNamed(table),
  column,
})

const isAllowed = (world: World, requirements: readonly Requirement[]): boolean =>
  decide(world.model, world.actor('bob'), requirements).kind === 'Allowed'

describe('a check succeeds (G6)', () => {
  test.each([
    ['GRANT SELECT ON ALL TABLES TO bob', 'SELECT', 't(a, b)'],
    ['GRANT SELECT ON t TO g', 'SELECT', 't(a, ts)'],
    ['GRANT SELECT ON t(a) TO bob', 'SELECT', 't(a)'],
    ['GRANT SELECT ON t(a) TO bob', 'SELECT', 't(a, ts)'],
    ['GRANT UPDATE ON t(a) TO g', 'UPDATE', 't(ts)'],
    ['GRANT INSERT ON t TO bob', 'INSERT', 't'],
    ['GRANT INSERT ON ALL TABLES TO bob', 'INSERT', 't'],
    ['GRANT CREATE TABLE TO g', 'CREATE TABLE', undefined],
    ['GRANT DATABASE ADMIN TO g', 'CREATE TABLE', undefined],
    ['GRANT DATABASE ADMIN TO g', 'INSERT', 't'],
    ['GRANT DATABASE ADMIN TO g', 'SELECT', 't(a)'],
    ['GRANT SELECT ON s.u(b) TO bob', 'SELECT', 's.u(b)'],
    ['GRANT SELECT ON later TO bob', 'SELECT', 'later'],
  ])('after %s: %s %s', (grant, name, on) => {
    const world = World.after(...setUp)
    expect(world.may('bob', name, on)).toBe(false)
    world.run(grant)
    expect(world.may('bob', name, on)).toBe(true)
  })

  test('for the built-in admin always (A2)', () => {
    const world = World.after(...setUp)
    expect(world.may('admin', 'SELECT', 't(a)')).toBe(true)
    expect(world.may('admin', 'PGWIRE')).toBe(true)
  })

  test.each([
    ['GRANT SELECT ON t(*) TO bob', 'SELECT', 't'],
    ['GRANT SELECT ON t(b) TO bob', 'SELECT', 't(a)'],
    ['GRANT SELECT ON t(ts) TO bob', 'SELECT', 't(a)'],
    ['GRANT SELECT ON plain(a) TO bob', 'SELECT', 'plain(b)'],
    ['GRANT SELECT ON plain(a) TO bob', 'SELECT', 'plain(a, gone)'],
    ['GRANT DROP COLUMN ON t(a) TO bob', 'DROP COLUMN', 't(ts)'],
    ['GRANT SELECT ON t TO bob', 'SELECT', 's.t'],
    ['GRANT SELECT ON ALL TABLES TO bob', 'UPDATE', 't(a)'],
    ['GRANT SELECT ON t(zz) TO bob', 'SELECT', 't(zz)'],
    ['GRANT SELECT ON later(a) TO bob', 'SELECT', 'later(a)'],
  ])('after %s not: %s %s', (grant, name, on) => {
    expect(World.after(...setUp, grant).may('bob', name, on)).toBe(false)
  })

  test('with own and group entries together, implicit ones included (G5, G39)', () => {
    const world = World.after(...setUp, 'GRANT SELECT ON t(a) TO bob', 'GRANT SELECT ON t(b) TO g')
    expect(world.may('bob', 'SELECT', 't(a, b, ts)')).toBe(true)
    world.run('REVOKE SELECT ON t(a) FROM bob')
    expect(world.may('bob', 'SELECT', 't(a)')).toBe(false)
    expect(world.may('bob', 'SELECT', 't(b, ts)')).toBe(true)
    world.run('REMOVE USER bob FROM g')
    expect(world.may('bob', 'SELECT', 't(ts)')).toBe(false)
  })

  test('on tables of more columns than a word has bits', () => {
    const names = Array.from({ length: 70 }, (_, place) => `c${place}`)
    const world = World.after(
      `CREATE TABLE wide (${names.map((name) => `${name} INT`).join(', ')})`,
      'CREATE USER bob',
      'GRANT SELECT ON wide(c0, c31, c32, c69) TO bob',
    )
    expect(world.may('bob', 'SELECT', 'wide(c69, c32, c31, c0)')).toBe(true)
    expect(world.may('bob', 'SELECT', 'wide(c69, c68)')).toBe(false)
    expect(world.may('bob', 'SELECT', 'wide(c33)')).toBe(false)
  })

  test('for the same requirement again after the table became another one', () => {
    const world = World.after(...setUp, 'GRANT SELECT ON t(b) TO bob')
    const requirements = [columnsOf('SELECT', 't', ['b'])]
    expect(isAllowed(world, requirements)).toBe(true)
    world.run('DROP TABLE t')
    world.run('CREATE TABLE t (b INT, a INT)')
    expect(isAllowed(world, requirements)).toBe(true)
    expect(isAllowed(world, [columnsOf('SELECT', 't', ['a'])])).toBe(false)
    world.run('ALTER TABLE t RENAME COLUMN b TO x')
    expect(isAllowed(world, requirements)).toBe(false)
  })

  test('of at least one column: one that exists, or the table (section 11)', () => {
    const world = World.after(...setUp)
    const requirements = [anyColumn('SELECT', 't')]
    expect(isAllowed(world, requirements)).toBe(false)
    world.run('GRANT SELECT ON t(later) TO bob')
    expect(isAllowed(world, requirements)).toBe(false)
    world.run('ALTER TABLE t ADD COLUMN later INT')
    expect(isAllowed(world, requirements)).toBe(true)
    expect(isAllowed(World.after(...setUp, 'GRANT SELECT ON t TO bob'), requirements)).toBe(true)
  })

  test.each([
    ['GRANT SELECT ON nosuch TO bob', true],
    ['GRANT SELECT ON nosuch(x) TO g', true],
    ['GRANT SELECT ON ALL TABLES TO bob', true],
    ['GRANT CREATE TABLE TO bob', true],
    ['GRANT INSERT ON nosuch TO bob', false],
    ['GRANT SELECT ON t TO bob', false],
  ])('of a name that is not there, after %s: %p (G61, D32)', (grant, expected) => {
    const world = World.after(...setUp, grant)
    expect(isAllowed(world, [unknownRelation('SELECT', 'nosuch')])).toBe(expected)
  })

  test.each([
    ['GRANT SELECT ON t TO bob', true],
    ['GRANT SELECT ON ALL TABLES TO bob', true],
    ['GRANT SELECT ON t(*) TO bob', false],
    ['GRANT CREATE TABLE TO bob', false],
  ])('of a column that is not there, after %s: %p (G61)', (grant, expected) => {
    const world = World.after(...setUp, grant)
    expect(isAllowed(world, [unknownColumn('SELECT', 't', 'zz')])).toBe(expected)
  })

  test('for a principal that was dropped never', () => {
    const world = World.after(...setUp, 'GRANT ALL TO bob')
    const actor = world.actor('bob')
    world.run('DROP USER bob')
    expect(decide(world.model, actor, [requirementOf('PGWIRE')]).kind).toBe('Denied')
  })
})

describe('the refusal (section 15, Z1, Z2, Q2, H4)', () => {
  const cases: readonly {
    readonly grants: readonly string[]
    readonly needs: readonly Requirement[]
    readonly missing: string
    readonly hint: string
  }[] = [
    {
      grants: [],
      needs: [requirementOf('CREATE TABLE')],
      missing: 'CREATE TABLE',
      hint: 'GRANT CREATE TABLE TO bob;',
    },
    {
      grants: [],
      needs: [requirementOf('INSERT', 't')],
      missing: 'INSERT on t',
      hint: 'GRANT INSERT ON t TO bob;',
    },
    {
      grants: [],
      needs: [columnsOf('SELECT', 't', ['a', 'b'])],
      missing: 'SELECT on t',
      hint: 'GRANT SELECT ON t TO bob;',
    },
    {
      grants: [],
      needs: [anyColumn('SELECT', 't')],
      missing: 'SELECT on t',
      hint: 'GRANT SELECT ON t TO bob;',
    },
    {
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [columnsOf('SELECT', 't', ['a', 'b', 'c'])],
      missing: 'SELECT on t(a, c)',
      hint: 'GRANT SELECT ON t(a, c) TO bob;',
    },
    {
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [columnsOf('SELECT', 't', ['*a', 'b', '*c'])],
      missing: 'SELECT on t(*)',
      hint: 'GRANT SELECT ON t TO bob;',
    },
    {
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [columnsOf('SELECT', 't', ['*a', '*b', '*c']), columnsOf('SELECT', 't', ['a'])],
      missing: 'SELECT on t(a, *)',
      hint: 'GRANT SELECT ON t TO bob;',
    },
    {
      // An unknown column and one that is not held look alike (G61).
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [unknownColumn('SELECT', 't', 'zz')],
      missing: 'SELECT on t(zz)',
      hint: 'GRANT SELECT ON t(zz) TO bob;',
    },
    {
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [unknownColumn('SELECT', 't', 'zz'), columnsOf('SELECT', 't', ['a'])],
      missing: 'SELECT on t(a, zz)',
      hint: 'GRANT SELECT ON t(a, zz) TO bob;',
    },
    {
      // Not in table order: the unknown one would always stand last.
      grants: ['GRANT SELECT ON t(b) TO bob'],
      needs: [columnsOf('SELECT', 't', ['a', 'c']), unknownColumn('SELECT', 't', 'aa')],
      missing: 'SELECT on t(a, aa, c)',
      hint: 'GRANT SELECT ON t(a, aa, c) TO bob;',
    },
    {
      grants: [],
      needs: [unknownColumn('SELECT', 't', 'zz')],
      missing: 'SELECT on t',
      hint: 'GRANT SELECT ON t TO bob;',
    },
    {
      grants: [],
      needs: [unknownRelation('SELECT', 'nosuch')],
      missing: 'SELECT on nosuch',
      hint: 'GRANT SELECT ON nosuch TO bob;',
    },
    {
      // The statement's own permission first, then tables as they are named (Q2).
      grants: ['GRANT INSERT ON t TO bob', 'GRANT SELECT ON plain(a) TO bob'],
      needs: [
        requirementOf('INSERT', 't'),
        columnsOf('SELECT', 's.u', ['a']),
        columnsOf('SELECT', 'plain', ['a', 'b']),
      ],
      missing: 'SELECT on s.u',
      hint: 'GRANT SELECT ON s.u TO bob;',
    },
    {
      // The other table and the other permission do not get into the bracket.
      grants: ['GRANT SELECT, UPDATE ON t(b) TO bob'],
      needs: [
        columnsOf('UPDATE', 't', ['a']),
        columnsOf('SELECT', 't', ['c']),
        columnsOf('UPDATE', 'plain', ['a']),
        requirementOf('CREATE TABLE'),
      ],
      missing: 'UPDATE on t(a)',
      hint: 'GRANT UPDATE ON t(a) TO bob;',
    },
    {
      // Implicit ones count as held (Z2).
      grants: ['GRANT SELECT ON t(ts) TO bob'],
      needs: [columnsOf('SELECT', 't', ['a'])],
      missing: 'SELECT on t(a)',
      hint: 'GRANT SELECT ON t(a) TO bob;',
    },
    {
      // Columns of a table that a table-level holder of something else asks for.
      grants: ['GRANT SELECT ON plain TO bob', 'GRANT UPDATE ON plain(a) TO bob'],
      needs: [unknownColumn('SELECT', 'plain', 'zz'), columnsOf('UPDATE', 'plain', ['a', 'b'])],
      missing: 'UPDATE on plain(b)',
      hint: 'GRANT UPDATE ON plain(b) TO bob;',
    },
  ]

  test.each(cases)('after $grants says [$missing]', ({ grants, needs, missing, hint }) => {
    const denial = World.after(...setUp, ...grants).denial('bob', needs)
    expect(denial).toMatchObject({
      sqlState: '42501',
      message: `Access denied for bob [${missing}]`,
      hint,
    })
  })

  test.each([
    ['SELECT', 't'],
    ['SELECT', 'nosuch'],
    ['SELECT', 'v'],
  ])('tells nothing of whether the name exists: %s on %s (G61, R9)', (name, table) => {
    const world = World.after(...setUp)
    const asked = [
      columnsOf(name, table, ['a']),
      anyColumn(name, table),
      unknownRelation(name, table),
      unknownColumn(name, table, 'a'),
      requirementOf(name, table),
    ]
    const texts = asked.map((one) => {
      const { message, hint } = world.denial('bob', [one])
      return `${message} ${String(hint)}`
    })
    expect(new Set(texts).size).toBe(1)
  })

  test('says the relation as stored to who can see it, else as it was asked for (Z1, R9)', () => {
    const world = World.after(...setUp)
    const needs = [requirementOf('INSERT', 'T')]
    expect(world.denial('bob', needs).message).toContain('[INSERT on T]')
    world.run('GRANT SELECT ON t(a) TO bob')
    expect(world.denial('bob', needs).message).toContain('[INSERT on t]')
  })

  test('has a hint that can be run whatever the names are', () => {
    const world = World.after(
      'CREATE TABLE "my table" ("a b" INT, "c""d" INT, "select" INT)',
      'CREATE USER "john.doe"',
      'GRANT SELECT ON "my table"("select") TO "john.doe"',
    )
    const needs = [columnsOf('SELECT', 'my table', ['a b', 'c"d'])]
    const actor = world.actor('john.doe')
    const decision = decide(world.model, actor, needs)
    if (decision.kind === 'Allowed') throw new Error('it is allowed')
    const { message, hint = '' } = accessDenied(actor.effective.name, decision.missing)
    expect(message).toBe('Access denied for john.doe [SELECT on my table(a b, c"d)]')
    expect(hint).toBe('GRANT SELECT ON "my table"("a b", "c""d") TO "john.doe";')
    world.run(hint)
    expect(decide(world.model, actor, needs).kind).toBe('Allowed')
  })

  test('says schemas other than public', () => {
    const { message, hint } = World.after(...setUp).denial('bob', [requirementOf('INSERT', 's.u')])
    expect(message).toBe('Access denied for bob [INSERT on s.u]')
    expect(hint).toBe('GRANT INSERT ON s.u TO bob;')
  })

  test('of a grant option at a column that is asked for by itself', () => {
    const column = { key: foldName('a'), name: 'a' }
    const scope = { kind: 'Column', relation: tableNamed('t'), column } as const
    const requirement = { kind: 'GrantOption', permission: permission('SELECT'), scope } as const
    const columns = columnsOf('SELECT', 't', ['a']).columns
    expect(accessDenied('bob', { requirement, columns })).toMatchObject({
      message: 'Access denied for bob [SELECT on t(a) WITH GRANT OPTION]',
      hint: 'GRANT SELECT ON t(a) TO bob WITH GRANT OPTION;',
    })
  })
})
