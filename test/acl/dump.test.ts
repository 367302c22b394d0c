import { beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { allEntries } from '../../acl/access-entries.ts'
import { emptyModel, existingPrincipal, groupsOf, type AccessModel } from '../../acl/model.ts'
import type { Relation } from '../../acl/schema.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { loadParser } from '../../parser/parse.ts'
import { databaseStatements } from '../random-database.ts'
import { BoundWorld } from './bound-world.ts'
import { failureOf } from './world.ts'

beforeAll(loadParser)

/** What a dump keeps of a model: names instead of numbers, nothing secret. */
function essence(model: AccessModel): unknown {
  const nameOf = (id: Parameters<typeof existingPrincipal>[1]): string =>
    existingPrincipal(model, id).name
  const principals = [...model.principals.values()].map((principal) => ({
    name: principal.name,
    kind: principal.kind,
    enabled: principal.enabled,
    aliases: principal.externalAliases,
    groups: groupsOf(model, principal.id)
      .map(({ name }) => name)
      .toSorted(),
  }))
  const entries = [...model.entries].flatMap(([key, of]) =>
    [...allEntries(of)].map(({ permission, scope, grantOption }) => {
      const table = scope.kind === 'Database' ? '' : scope.relation.key
      const column = scope.kind === 'Column' ? scope.column.key : ''
      return [key, permission, scope.kind, table, column, grantOption].join('|')
    }),
  )
  const links = [...model.links].flatMap(([key, of]) =>
    [...of.values()].map((link) => [key, nameOf(link.account), link.grantOption].join('|')),
  )
  return {
    principals: principals.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    entries: entries.toSorted(),
    links: links.toSorted(),
    relations: model.schema.relations().map(relationEssence),
  }
}

function relationEssence(relation: Relation): unknown {
  const columns = relation.columns.map(({ attnum: _attnum, ...column }) => column)
  const { kind, schema, name } = relation
  if (relation.kind === 'View') return { kind, schema, name, columns, text: relation.text }
  const nameOf = (attnum: number | undefined): string | undefined =>
    relation.columns.find((column) => column.attnum === attnum)?.name
  return {
    kind,
    schema,
    name,
    columns,
    designated: nameOf(relation.designatedTimestamp),
    partitionBy: relation.partitionBy,
    wal: relation.wal,
    dedupKeys: relation.dedupKeys.map(nameOf),
    parameters: relation.parameters ?? {},
    timeToLive: relation.timeToLive,
    constraints: relation.constraints.map((one) => [one.kind, one.name, one.attnums.map(nameOf)]),
  }
}

describe('SHOW CREATE DATABASE', () => {
  test('replayed by the admin on an empty model, a dump makes the same model (W13)', () => {
    fc.assert(
      fc.property(databaseStatements({ minLength: 10, maxLength: 60 }), (lines) => {
        const world = new BoundWorld()
        for (const line of lines) {
          try {
            world.run(line)
          } catch (error) {
            // What does not exist cannot be changed; the rest has happened.
            if (!(error instanceof SqlError)) throw error
          }
        }
        const replayed = BoundWorld.having(...world.dump())
        expect(essence(replayed.model)).toEqual(essence(world.model))
        expect(replayed.dump()).toEqual(world.dump())
      }),
    )
  })

  const setUp = [
    'CREATE USER zoe',
    'CREATE USER Amy',
    'CREATE USER bob',
    "CREATE GROUP desk WITH EXTERNAL ALIAS 'cn=desk'",
    "ALTER GROUP desk WITH EXTERNAL ALIAS 'it''s'",
    'CREATE SERVICE ACCOUNT app',
    'ADD USER bob TO desk',
    'CREATE TABLE z (a INT, hidden INT, ts TIMESTAMP, CHECK (hidden > 0), CHECK (a > 0)) TIMESTAMP(ts)',
    'CREATE TABLE b (a INT)',
    'CREATE VIEW a AS SELECT a FROM z',
    'ALTER USER zoe DISABLE',
    'ALTER SERVICE ACCOUNT app DISABLE',
  ]
  const users = ["CREATE USER 'Amy';", "CREATE USER 'bob';", "CREATE USER 'zoe';"]
  const groups = [
    "CREATE GROUP 'desk' WITH EXTERNAL ALIAS 'cn=desk';",
    "ALTER GROUP 'desk' WITH EXTERNAL ALIAS 'it''s';",
  ]
  const tables = [
    `CREATE TABLE 'z' ("a" INT, "hidden" INT, "ts" TIMESTAMP, CONSTRAINT "z_hidden_check" CHECK (hidden > 0), ` +
      'CONSTRAINT "z_a_check" CHECK (a > 0)) TIMESTAMP("ts");',
    `CREATE TABLE 'b' ("a" INT);`,
  ]
  const [z = '', b = ''] = tables
  const views = [`CREATE VIEW 'a' AS (SELECT a FROM z);`]
  const accounts = ["CREATE SERVICE ACCOUNT 'app';"]
  const noUser = ["ALTER USER 'zoe' DISABLE;"]
  const noAccount = ["ALTER SERVICE ACCOUNT 'app' DISABLE;"]
  const permissions = ["ADD USER 'bob' TO 'desk';"]

  test.each([
    [
      '',
      [...users, ...groups, ...accounts, ...permissions, z, ...views, b, ...noUser, ...noAccount],
    ],
    [
      'INCLUDE ALL',
      [...users, ...groups, ...accounts, ...permissions, z, ...views, b, ...noUser, ...noAccount],
    ],
    ['INCLUDE (USERS)', [...users, ...noUser]],
    ['INCLUDE (GROUPS)', groups],
    ['INCLUDE (SERVICE_ACCOUNTS, USERS)', [...users, ...accounts, ...noUser, ...noAccount]],
    ['INCLUDE (PERMISSIONS)', permissions],
    ['INCLUDE (SCHEMA)', [z, ...views, b]],
    ['INCLUDE (TABLES)', [b, z]],
    ['INCLUDE (VIEWS, VIEWS)', views],
    ['INCLUDE (MATERIALIZED_VIEWS)', []],
    ['EXCLUDE (SCHEMA, USERS)', [...groups, ...accounts, ...permissions, ...noAccount]],
    ['EXCLUDE (ACL)', [z, ...views, b]],
    ['EXCLUDE (ACL, VIEWS)', [b, z]],
    ['EXCLUDE ALL', []],
  ])('%s: categories and their order (W14, W15, W16)', (choice, expected) => {
    expect(BoundWorld.having(...setUp).dump(choice)).toEqual(expected)
  })

  test('of who may not see a part leaves it out, unless it is asked for by name (W17, D39)', () => {
    const world = BoundWorld.having(...setUp)
    const asBob = (choice = ''): readonly unknown[] =>
      world.show(`bob: SHOW CREATE DATABASE ${choice}`).flat()
    const refused = (choice: string): string => failureOf(() => asBob(choice))
    const listUsers = '42501 Access denied for bob [LIST USERS]'
    const userDetails = '42501 Access denied for bob [USER DETAILS]'
    expect(asBob()).toEqual([])
    expect(asBob('EXCLUDE (VIEWS)')).toEqual([])
    for (const named of ['(USERS)', '(GROUPS)', '(TABLES, SERVICE_ACCOUNTS)', '(ACL)', 'ALL']) {
      expect([named, refused(`INCLUDE ${named}`)]).toEqual([named, listUsers])
    }
    expect(refused('INCLUDE (PERMISSIONS)')).toBe(userDetails)
    world.run('GRANT LIST USERS TO bob')
    expect(refused('INCLUDE (ACL)')).toBe(userDetails)
    expect(asBob()).toEqual([...users, ...groups, ...accounts, ...noUser, ...noAccount])
    world.run('REVOKE LIST USERS FROM bob')
    world.run('GRANT USER DETAILS TO desk')
    expect(asBob()).toEqual([...permissions, "GRANT USER DETAILS TO 'desk';"])
    expect(refused('INCLUDE (ACL)')).toBe(listUsers)
  })

  test('shows of relations what may be read, and names no hidden column (W17, R9)', () => {
    const world = BoundWorld.having(
      ...setUp,
      'GRANT SELECT ON z(a) TO bob',
      'GRANT INSERT ON b TO bob',
    )
    const asBob = (): readonly unknown[] => world.show('bob: SHOW CREATE DATABASE').flat()
    const part =
      `CREATE TABLE 'z' ("a" INT, "ts" TIMESTAMP, CONSTRAINT "z_a_check" CHECK (a > 0)) ` +
      'TIMESTAMP("ts");'
    expect(asBob()).toEqual([part])
    world.run('GRANT SELECT ON a TO bob')
    expect(asBob()).toEqual([part, ...views])
    world.run('DROP TABLE z')
    expect(asBob()).toEqual(views)
  })

  test('writes one GRANT for each grantee, scope and option, by name (W15)', () => {
    const world = BoundWorld.having(
      'CREATE GROUP g',
      'CREATE USER Bob',
      'CREATE TABLE "T" (a INT, b INT)',
      'CREATE SERVICE ACCOUNT z',
      'CREATE SERVICE ACCOUNT a',
      'GRANT ASSUME SERVICE ACCOUNT z TO later',
      'GRANT ASSUME SERVICE ACCOUNT a TO later WITH GRANT OPTION',
      'GRANT SELECT ON Later TO bob',
      'GRANT UPDATE ON LATER TO bob',
      'GRANT SELECT, UPDATE ON t(b), t(a) TO bob',
      'GRANT RENAME COLUMN ON t(b, A), waiting(x) TO bob WITH GRANT OPTION',
      'GRANT DROP INDEX ON t(b) TO bob',
      'GRANT PGWIRE, HTTP TO g',
      'GRANT ILP TO g WITH GRANT OPTION',
      'GRANT TRUNCATE TABLE, DELETE ON ALL TABLES TO g',
      'GRANT INSERT ON "s s".t TO g',
    )
    expect(world.dump('INCLUDE (PERMISSIONS)')).toEqual([
      "GRANT ASSUME SERVICE ACCOUNT 'a' TO 'later' WITH GRANT OPTION;",
      "GRANT ASSUME SERVICE ACCOUNT 'z' TO 'later';",
      "GRANT SELECT, UPDATE ON 'Later' TO 'Bob';",
      `GRANT DROP INDEX, SELECT, UPDATE ON 'T'("b") TO 'Bob';`,
      `GRANT RENAME COLUMN ON 'T'("a", "b") TO 'Bob' WITH GRANT OPTION;`,
      `GRANT SELECT, UPDATE ON 'T'("a") TO 'Bob';`,
      `GRANT RENAME COLUMN ON 'waiting'("x") TO 'Bob' WITH GRANT OPTION;`,
      "GRANT HTTP, PGWIRE TO 'g';",
      "GRANT ILP TO 'g' WITH GRANT OPTION;",
      "GRANT DELETE, TRUNCATE TABLE ON ALL TABLES TO 'g';",
      "GRANT INSERT ON 's s'.'t' TO 'g';",
    ])
  })

  test("leaves out what waits for a name that has become the built-in admin's (A3, W16)", () => {
    const world = BoundWorld.having(
      'CREATE SERVICE ACCOUNT a',
      'GRANT HTTP TO root',
      'GRANT ASSUME SERVICE ACCOUNT a TO root',
    )
    const { admin } = emptyModel({ adminName: 'Root', adminEnabled: true, nameLengthMax: 255 })
    world.model = { ...world.model, admin }
    expect(world.dump('INCLUDE (PERMISSIONS)')).toEqual([])
  })

  test('makes a view that is invalid for now over stand-ins (V10)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT, b TEXT[])',
      'CREATE TABLE kept (a INT)',
      'CREATE VIEW inner_one AS SELECT b, a FROM t',
      'CREATE VIEW outer_one AS SELECT count(*) AS n FROM inner_one, kept',
      'CREATE VIEW counted AS SELECT count(*) AS n FROM kept',
      'DROP TABLE t',
      'DROP TABLE kept',
      'CREATE TABLE kept (a TEXT)',
    )
    expect(world.dump()).toEqual([
      `CREATE VIEW 'inner_one' ("b", "a") AS (SELECT CAST(NULL AS text[]), CAST(NULL AS integer));`,
      `CREATE TABLE 'kept' ("any" INT);`,
      `CREATE VIEW 'outer_one' AS (SELECT count(*) AS n FROM inner_one, kept);`,
      `DROP VIEW 'inner_one';`,
      `DROP TABLE 'kept';`,
      `CREATE TABLE 't' ("a" integer, "b" text[]);`,
      `CREATE VIEW 'inner_one' AS (SELECT b, a FROM t);`,
      `DROP TABLE 't';`,
      `CREATE TABLE 'kept' ("a" TEXT);`,
      `CREATE VIEW 'counted' AS (SELECT count(*) AS n FROM kept);`,
    ])
  })

  test('tells a view that is invalid from one that reads a relation twice (V10)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT)',
      'CREATE VIEW twice AS SELECT a, (SELECT max(a) FROM t) AS m FROM t',
      'CREATE VIEW later AS SELECT 1 AS x',
      'CREATE VIEW of_later AS SELECT x FROM later',
      'DROP VIEW later',
      'CREATE TABLE later (x INT)',
    )
    expect(world.dump()).toEqual([
      `CREATE VIEW 'later' ("x") AS (SELECT CAST(NULL AS integer));`,
      `CREATE VIEW 'of_later' AS (SELECT x FROM later);`,
      `DROP VIEW 'later';`,
      `CREATE TABLE 'later' ("x" INT);`,
      `CREATE TABLE 't' ("a" INT);`,
      `CREATE VIEW 'twice' AS (SELECT a, (SELECT max(a) FROM t) AS m FROM t);`,
    ])
  })
})
