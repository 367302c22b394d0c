import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { World } from './world.ts'

beforeAll(loadParser)

const tables = [
  'CREATE TABLE t1 (a INT, b INT, ts TIMESTAMP) TIMESTAMP(ts)',
  'CREATE TABLE t2 (x INT)',
  'CREATE TABLE t3 (y INT)',
  'CREATE USER u',
]

const messages = (world: World): readonly string[] => world.notices.map(({ message }) => message)

test('the example of section 6.5 comes out as it says', () => {
  const world = World.after(...tables, 'GRANT SELECT ON ALL TABLES TO u')
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['REVOKE SELECT ON t2 FROM u', ['SELECT on t1', 'SELECT on t3']],
    ['CREATE TABLE t4 (z INT)', ['SELECT on t1', 'SELECT on t3']],
    ['REVOKE SELECT ON t1(a) FROM u', ['SELECT on t1(b)', 'SELECT on t1(ts)', 'SELECT on t3']],
    ['ALTER TABLE t1 ADD COLUMN c INT', ['SELECT on t1(b)', 'SELECT on t1(ts)', 'SELECT on t3']],
    [
      'REVOKE SELECT ON t1(ts) FROM u',
      ['SELECT on t1(b)', 'SELECT on t1(ts) implicitly', 'SELECT on t3'],
    ],
    ['REVOKE SELECT ON t1(b) FROM u', ['SELECT on t3']],
    ['GRANT SELECT ON ALL TABLES TO u', ['SELECT']],
  ]
  for (const [statement, rows] of steps) {
    world.run(statement)
    expect([statement, world.permissions('u')]).toEqual([statement, rows])
  }
})

describe('REVOKE', () => {
  test.each([
    {
      name: 'at the database takes every scope away, waiting ones too (G17)',
      steps: [
        'GRANT SELECT ON t1, t2(x), later TO u',
        'REVOKE SELECT ON ALL TABLES FROM u',
        'CREATE TABLE later (a INT)',
      ],
      rows: [],
    },
    {
      name: 'of a database permission takes it away',
      steps: ['GRANT PGWIRE, HTTP TO u', 'REVOKE PGWIRE FROM u'],
      rows: ['HTTP'],
    },
    {
      name: 'at a table takes its columns too, and keeps the option of what is pushed down (G18)',
      steps: [
        'GRANT SELECT ON ALL TABLES TO u WITH GRANT OPTION',
        'GRANT UPDATE ON t2, t2(x) TO u',
        'REVOKE SELECT, UPDATE ON t2 FROM u',
      ],
      rows: ['SELECT on t1 WITH GRANT OPTION', 'SELECT on t3 WITH GRANT OPTION'],
    },
    {
      name: 'pushes down to the kinds of relation for which the permission has a meaning (G18)',
      steps: [
        'CREATE VIEW v AS (SELECT 1)',
        'GRANT INSERT, SELECT, ALTER VIEW ON ALL TABLES TO u',
        'REVOKE INSERT, SELECT, ALTER VIEW ON t1 FROM u',
      ],
      rows: [
        'INSERT on t2',
        'SELECT on t2',
        'INSERT on t3',
        'SELECT on t3',
        'ALTER VIEW on v',
        'SELECT on v',
      ],
    },
    {
      name: 'at a column pushes a database entry down to tables and columns (G19)',
      steps: ['GRANT SELECT ON ALL TABLES TO u', 'REVOKE SELECT ON t1(a, b) FROM u'],
      rows: ['SELECT on t1(ts)', 'SELECT on t2', 'SELECT on t3'],
    },
    {
      name: 'of a star at a table-level holder leaves nothing, for future columns neither (G22)',
      steps: [
        'GRANT SELECT ON t1 TO u',
        'REVOKE SELECT ON t1(*) FROM u',
        'ALTER TABLE t1 ADD COLUMN c INT',
      ],
      rows: [],
    },
    {
      name: 'of a star with EXCLUDE leaves the excluded (G22)',
      steps: ['GRANT UPDATE ON t1 TO u', 'REVOKE UPDATE ON t1(* EXCLUDE (ts)) FROM u'],
      rows: ['UPDATE on t1(ts)'],
    },
    {
      name: 'lets the stronger option win where a pushed-down entry meets one (G20)',
      steps: [
        'GRANT SELECT ON t2 TO u WITH GRANT OPTION',
        'GRANT SELECT ON t1(b) TO u WITH GRANT OPTION',
        'GRANT SELECT ON ALL TABLES TO u',
        'REVOKE SELECT ON t1(a) FROM u',
      ],
      rows: [
        'SELECT on t1(b) WITH GRANT OPTION',
        'SELECT on t1(ts)',
        'SELECT on t2 WITH GRANT OPTION',
        'SELECT on t3',
      ],
    },
    {
      name: 'of what is not held is success (G25)',
      steps: ['REVOKE SELECT ON t1 FROM u', 'REVOKE UPDATE ON t1(a) FROM u', 'REVOKE HTTP FROM u'],
      rows: [],
    },
    {
      name: 'ALL takes DATABASE ADMIN too (L7, D18)',
      steps: ['GRANT DATABASE ADMIN, PGWIRE TO u', 'GRANT SELECT ON t1 TO u', 'REVOKE ALL FROM u'],
      rows: [],
    },
    {
      name: 'ALL ON ALL TABLES leaves database permissions (L6)',
      steps: ['GRANT ALL TO u', 'REVOKE ALL ON ALL TABLES FROM u', 'REVOKE ALL FROM u'],
      rows: [],
    },
    {
      name: 'ALL at a table is not filtered by kind (G28)',
      steps: [
        'GRANT INSERT ON later TO u',
        'CREATE VIEW later AS (SELECT 1)',
        'REVOKE ALL ON later FROM u',
      ],
      rows: [],
    },
    {
      name: 'ALL at columns takes what is held on them',
      steps: ['GRANT SELECT, UPDATE ON t1(a, b) TO u', 'REVOKE ALL ON t1(a) FROM u'],
      rows: [
        'SELECT on t1(b)',
        'UPDATE on t1(b)',
        'SELECT on t1(ts) implicitly',
        'UPDATE on t1(ts) implicitly',
      ],
    },
    {
      name: 'does not dent DATABASE ADMIN (L8)',
      steps: ['GRANT DATABASE ADMIN TO u', 'REVOKE SELECT ON t1 FROM u'],
      rows: ['DATABASE ADMIN'],
    },
  ])('$name', ({ steps, rows }) => {
    expect(World.after(...tables, ...steps).permissions('u')).toEqual(rows)
  })

  test.each([
    ['REVOKE SELECT ON tt FROM u', '42P01 table does not exist [table=tt]'],
    ['REVOKE SELECT ON later FROM u', '42P01 table does not exist [table=later]'],
    ['REVOKE SELECT ON waiting(d) FROM u', '42P01 table does not exist [table=waiting]'],
    ['REVOKE SELECT ON t1(aa) FROM u', '42703 Invalid column: aa'],
    ['REVOKE SELECT ON t1(c) FROM u', '42703 Invalid column: c'],
    ['REVOKE SELECT ON t1 FROM nobody', '42704 entity does not exist [name=nobody]'],
    ['REVOKE SELECT FROM u', '0LP01 SELECT needs ON ALL TABLES or a table'],
    ['REVOKE INSERT ON t1(a) FROM u', '0LP01 INSERT cannot be revoked on column level'],
    ['REVOKE HTTP ON t1 FROM u', '0LP01 HTTP cannot be revoked on table level'],
    [
      'REVOKE SELECT ON v(a) FROM u',
      '0LP01 column level permissions are not supported on views [view=v]',
    ],
    ['REVOKE SELECT ON nosuch(*) FROM u', '42P01 table does not exist [table=nosuch]'],
    [
      'REVOKE SELECT ON t1 FROM admin',
      '0LP01 permissions of the built-in admin cannot be changed [name=admin]',
    ],
  ])('%s is a slip of the pen (G26, D21, L4, G27)', (statement, failure) => {
    const world = World.after(
      ...tables,
      'CREATE VIEW v AS (SELECT 1)',
      'GRANT INSERT ON later TO u',
      'GRANT SELECT ON waiting(c) TO u',
      'GRANT UPDATE ON t1(c) TO u',
    )
    expect(world.failure(statement)).toBe(failure)
  })

  test('takes a waiting grant back (G26)', () => {
    const world = World.after(
      ...tables,
      'GRANT SELECT ON later, later2, t1(c), later3(c), later4(c) TO u',
      'GRANT SELECT ON t2 TO nobody',
      'REVOKE SELECT ON later FROM u',
      'REVOKE SELECT ON later2(c) FROM u',
      'REVOKE SELECT ON later3(c) FROM u',
      'REVOKE SELECT ON later4 FROM u',
      'REVOKE SELECT ON t1(c) FROM u',
      'REVOKE SELECT ON t2 FROM nobody',
    )
    expect(world.model.entries.size).toBe(0)
  })

  test('pushes down at a waiting name as at any other', () => {
    const world = World.after(
      ...tables,
      'GRANT SELECT ON later TO u WITH GRANT OPTION',
      'GRANT SELECT ON ALL TABLES TO u',
      'REVOKE SELECT ON later FROM u',
    )
    expect(world.permissions('u')).toEqual(['SELECT on t1', 'SELECT on t2', 'SELECT on t3'])
  })
})

describe('a REVOKE after which the permission still holds', () => {
  const withGroups = [
    ...tables,
    'CREATE GROUP admins',
    'CREATE GROUP others',
    'ADD USER u TO admins, others',
  ]

  test('through a group says so, and the user still reads (G23, G59)', () => {
    const world = World.after(
      ...withGroups,
      'GRANT SELECT ON t1 TO admins',
      'GRANT SELECT ON t1 TO u',
    )
    world.run('REVOKE SELECT ON t1 FROM u')
    expect(messages(world)).toEqual(['u still holds SELECT on t1 through group admins'])
    expect(world.may('u', 'SELECT', 't1')).toBe(true)
    world.run('REVOKE SELECT ON t1 FROM admins')
    expect(world.may('u', 'SELECT', 't1')).toBe(false)
  })

  test.each([
    ['GRANT HTTP TO admins', 'REVOKE HTTP FROM u', 'u still holds HTTP through group admins'],
    [
      'GRANT SELECT ON ALL TABLES TO admins',
      'REVOKE SELECT ON ALL TABLES FROM u',
      'u still holds SELECT on ALL TABLES through group admins',
    ],
    [
      'GRANT SELECT ON t1 TO admins',
      'REVOKE SELECT ON t1(a) FROM u',
      'u still holds SELECT on t1(a) through group admins',
    ],
    [
      'GRANT SELECT ON t1(a) TO u',
      'REVOKE SELECT ON t1(ts) FROM u',
      'u still holds SELECT on t1(ts) implicitly',
    ],
  ])('after %s: %s says: %s', (grant, revoke, notice) => {
    const world = World.after(...withGroups, grant)
    world.run(revoke)
    expect(messages(world)).toEqual([notice])
  })

  test('says nothing where nothing holds any more', () => {
    const world = World.after(
      ...withGroups,
      'GRANT SELECT ON t1(a) TO u',
      'GRANT SELECT ON later TO u',
      'GRANT SELECT ON t1 TO nobody',
    )
    for (const revoke of [
      'REVOKE SELECT ON t1(a) FROM u',
      'REVOKE SELECT ON later FROM u',
      'REVOKE SELECT ON t1 FROM nobody',
    ]) {
      world.run(revoke)
      expect(messages(world)).toEqual([])
    }
  })
})
