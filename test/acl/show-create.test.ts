import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { BoundWorld } from './bound-world.ts'
import { asText, failureOf } from './world.ts'

beforeAll(loadParser)

const ddl = (world: BoundWorld, line: string): readonly string[] =>
  world.show(line).map(([text]) => asText(text))

describe('SHOW CREATE TABLE', () => {
  test.each([
    ['t (a INT)', `CREATE TABLE 't' ("a" INT)`],
    ['t (A INT)', `CREATE TABLE 't' ("A" INT)`],
    [`"It's" ("say ""hi""" INT)`, `CREATE TABLE 'It''s' ("say ""hi""" INT)`],
    [
      't (a numeric(10,2) DEFAULT 1 NOT NULL, s SYMBOL CAPACITY 16, b text[] NULL)',
      `CREATE TABLE 't' ("a" NUMERIC(10,2) NOT NULL DEFAULT 1, "s" SYMBOL CAPACITY 16 CACHE, "b" TEXT[])`,
    ],
    [
      't (ts TIMESTAMP, a INT) TIMESTAMP(ts) PARTITION BY DAY',
      `CREATE TABLE 't' ("ts" TIMESTAMP, "a" INT) TIMESTAMP("ts") PARTITION BY DAY WAL`,
    ],
    [
      't (ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY YEAR WAL DEDUP UPSERT KEYS(ts)',
      `CREATE TABLE 't' ("ts" TIMESTAMP) TIMESTAMP("ts") PARTITION BY YEAR WAL DEDUP UPSERT KEYS("ts")`,
    ],
    [
      't (ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY NONE',
      `CREATE TABLE 't' ("ts" TIMESTAMP) TIMESTAMP("ts") PARTITION BY NONE`,
    ],
    [
      't (s SYMBOL CAPACITY 100 NOCACHE INDEX CAPACITY 5, u SYMBOL INDEX, w SYMBOL), INDEX(w) WITH o3MaxLag=2s',
      `CREATE TABLE 't' ("s" SYMBOL CAPACITY 128 NOCACHE INDEX CAPACITY 8, ` +
        `"u" SYMBOL INDEX CAPACITY 256, "w" SYMBOL INDEX CAPACITY 256) WITH o3MaxLag=2000000us`,
    ],
    [
      't (ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY WITH maxUncommittedRows=7, o3MaxLag=1us DEDUP UPSERT KEYS(ts)',
      `CREATE TABLE 't' ("ts" TIMESTAMP) TIMESTAMP("ts") PARTITION BY DAY WAL ` +
        `WITH maxUncommittedRows=7, o3MaxLag=1us DEDUP UPSERT KEYS("ts")`,
    ],
    [
      't (a INT PRIMARY KEY, b INT CONSTRAINT "my b" UNIQUE, CHECK (a < b))',
      `CREATE TABLE 't' ("a" INT NOT NULL, "b" INT, CONSTRAINT "t_pkey" PRIMARY KEY ("a"), ` +
        `CONSTRAINT "my b" UNIQUE ("b"), CONSTRAINT "t_check" CHECK (a < b))`,
    ],
    [
      `${'t'.repeat(63)} (a INT PRIMARY KEY)`,
      `CREATE TABLE '${'t'.repeat(63)}' ("a" INT NOT NULL, PRIMARY KEY ("a"))`,
    ],
  ])('of CREATE TABLE %s', (definition, expected) => {
    const world = BoundWorld.having(`CREATE TABLE ${definition}`)
    const [name = ''] = definition.split(' (')
    expect(ddl(world, `SHOW CREATE TABLE ${name}`)).toEqual([`${expected} OWNED BY 'admin';`])
    expect(ddl(world, 'SHOW CREATE DATABASE')).toEqual([`${expected};`])
  })

  test('says the names that columns have now, in checks too', () => {
    const world = BoundWorld.having(
      `CREATE TABLE t (a INT, b INT, CHECK (a < 5 AND t.b > 0 AND T."a" <> b), CHECK (U&"b" > 0))`,
      'ALTER TABLE t RENAME COLUMN a TO "A b"',
      'RENAME TABLE t TO u',
    )
    expect(ddl(world, 'SHOW CREATE TABLE u')).toEqual([
      `CREATE TABLE 'u' ("A b" INT, "b" INT, ` +
        `CONSTRAINT "t_check" CHECK ("A b" < 5 AND "b" > 0 AND "A b" <> b), ` +
        `CONSTRAINT "t_b_check" CHECK (U&"b" > 0)) OWNED BY 'admin';`,
    ])
  })

  test('needs SELECT on every column, and names none that is hidden (section 11, R9)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT, hidden INT)',
      'CREATE USER bob',
      'GRANT SELECT ON t(a) TO bob',
      'GRANT INSERT ON t TO bob',
    )
    expect(failureOf(() => world.show('bob: SHOW CREATE TABLE t'))).toBe(
      '42501 Access denied for bob [SELECT on t(*)]',
    )
    world.run('GRANT SELECT ON t(hidden) TO bob')
    expect(ddl(world, 'bob: SHOW CREATE TABLE t')).toEqual([
      `CREATE TABLE 't' ("a" INT, "hidden" INT) OWNED BY 'bob';`,
    ])
  })

  test('tells who may not read of it nothing, not even whether it is there (G61, D32)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT)',
      'CREATE VIEW v AS SELECT a FROM t',
      'CREATE USER bob',
    )
    for (const word of ['TABLE', 'VIEW']) {
      for (const name of ['t', 'v', 'nothing']) {
        expect(failureOf(() => world.show(`bob: SHOW CREATE ${word} ${name}`))).toBe(
          `42501 Access denied for bob [SELECT on ${name}]`,
        )
      }
    }
    world.run('GRANT SELECT ON t, v, nothing TO bob')
    expect(failureOf(() => world.show('bob: SHOW CREATE TABLE nothing'))).toBe(
      '42P01 table does not exist [table=nothing]',
    )
    expect(failureOf(() => world.show('bob: SHOW CREATE VIEW nothing'))).toBe(
      '42P01 view does not exist [view=nothing]',
    )
    expect(failureOf(() => world.show('bob: SHOW CREATE TABLE v'))).toBe('42809 v is a view')
    expect(failureOf(() => world.show('bob: SHOW CREATE VIEW t'))).toBe('42809 t is not a view')
  })

  test('says the assumed account as owner, in quotes (W18, U9)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT)',
      'CREATE USER bob',
      `CREATE SERVICE ACCOUNT "o'app"`,
      `GRANT ASSUME SERVICE ACCOUNT "o'app" TO bob`,
      `GRANT SELECT ON ALL TABLES TO "o'app"`,
    )
    world.assume('bob', "o'app")
    expect(ddl(world, 'bob: SHOW CREATE TABLE public.T')).toEqual([
      `CREATE TABLE 't' ("a" INT) OWNED BY 'o''app';`,
    ])
  })
})

describe('SHOW CREATE VIEW', () => {
  test('needs SELECT on the view alone (V13), and has the stars of its output written out (V5)', () => {
    const world = BoundWorld.having(
      'CREATE TABLE t (a INT, "B" INT)',
      'CREATE TABLE u (c INT, a INT)',
      'CREATE VIEW v AS (SELECT *, 1 AS one FROM t x JOIN u y USING (a) -- why\n)',
      'CREATE VIEW w AS SELECT "t" . *, (SELECT count(*) FROM u) AS n FROM t UNION SELECT *, 0 FROM (SELECT * FROM t) z',
      'CREATE VIEW named (q, r) AS TABLE t',
      'CREATE USER bob',
      'GRANT SELECT ON v TO bob',
    )
    world.run('ALTER TABLE t ADD COLUMN later INT')
    expect(ddl(world, 'bob: SHOW CREATE VIEW v')).toEqual([
      `CREATE VIEW 'v' AS (SELECT "a", "x"."B", "y"."c", 1 AS one FROM t x JOIN u y USING (a)) OWNED BY 'bob';`,
    ])
    expect(ddl(world, 'SHOW CREATE VIEW w')).toEqual([
      `CREATE VIEW 'w' AS (SELECT "t"."a", "t"."B", (SELECT count(*) FROM u) AS n FROM t ` +
        `UNION SELECT "z"."a", "z"."B", 0 FROM (SELECT * FROM t) z) OWNED BY 'admin';`,
    ])
    expect(ddl(world, 'SHOW CREATE VIEW named')).toEqual([
      `CREATE VIEW 'named' ("q", "r") AS (SELECT "t"."a", "t"."B" FROM t) OWNED BY 'admin';`,
    ])
  })

  test('forgets names of columns that a replaced definition does not give', () => {
    const world = BoundWorld.having(
      'CREATE VIEW v (x) AS SELECT 1',
      'ALTER VIEW v AS SELECT 2 AS y',
    )
    expect(ddl(world, 'SHOW CREATE VIEW v')).toEqual([
      `CREATE VIEW 'v' AS (SELECT 2 AS y) OWNED BY 'admin';`,
    ])
    world.run('CREATE OR REPLACE VIEW v (z) AS SELECT 3')
    expect(ddl(world, 'SHOW CREATE VIEW v')).toEqual([
      `CREATE VIEW 'v' ("z") AS (SELECT 3) OWNED BY 'admin';`,
    ])
  })
})
