import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, primaryKey, schemaOf, table } from './bind-fixture.ts'

const schema = schemaOf([
  table('t', 'a int4, b text, c float8, ts timestamp', {
    designatedTimestamp: 4,
    constraints: [primaryKey(1)],
  }),
  table('u', 'a int4, d numeric'),
  table('s', 'x int4', { schema: 'other' }),
])

const needsOf = (sql: string): readonly string[] => outcome(bindText(sql, optionsFor(schema))).needs

beforeAll(loadParser)

describe('every clause of a query counts as reading (section 11)', () => {
  test.each([
    ['SELECT 1', []],
    ['SELECT a FROM t', ['SELECT on t(a)']],
    ['SELECT a FROM t WHERE b IS NULL', ['SELECT on t(a, b)']],
    ['SELECT a FROM t ORDER BY c', ['SELECT on t(a, c)']],
    ['SELECT a FROM t GROUP BY a, b', ['SELECT on t(a, b)']],
    ['SELECT 1 FROM t HAVING max(b) > $1', ['SELECT on t(b)']],
    ['SELECT count(*) FILTER (WHERE c > 0) FROM t', ['SELECT on t(c)']],
    ['SELECT DISTINCT ON (b) a FROM t ORDER BY b', ['SELECT on t(a, b)']],
    ['SELECT sum(a) OVER (PARTITION BY b ORDER BY c) FROM t', ['SELECT on t(a, b, c)']],
    ['SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY c)', ['SELECT on t(a, c)']],
    ['SELECT 1 FROM t WINDOW w AS (ORDER BY c)', ['SELECT on t(c)']],
    ['SELECT string_agg(b, $1 ORDER BY c) FROM t', ['SELECT on t(b, c)']],
    ['SELECT a FROM t LIMIT (SELECT max(d) FROM u)', ['SELECT on t(a)', 'SELECT on u(d)']],
    ['SELECT x.a FROM t x JOIN t y ON x.b = y.b', ['SELECT on t(a, b)']],
    ['SELECT d FROM t JOIN u USING (a)', ['SELECT on t(a)', 'SELECT on u(a, d)']],
    ['SELECT t.b FROM t NATURAL JOIN u', ['SELECT on t(a*, b)', 'SELECT on u(a*)']],
    ['SELECT a FROM t FULL JOIN u USING (a)', ['SELECT on t(a)', 'SELECT on u(a)']],
    ['SELECT a FROM t RIGHT JOIN u USING (a)', ['SELECT on t(a)', 'SELECT on u(a)']],
    [
      'SELECT a FROM t WHERE a IN (SELECT a FROM u WHERE d = c)',
      ['SELECT on t(a, c)', 'SELECT on u(a, d)'],
    ],
    ['WITH w AS (SELECT b FROM t) SELECT 1', ['SELECT on t(b)']],
    ['SELECT 1 FROM (SELECT b, c FROM t) q', ['SELECT on t(b, c)']],
    [
      'SELECT q.z FROM u, LATERAL (SELECT t.c AS z FROM t WHERE t.a = u.a) q',
      ['SELECT on u(a)', 'SELECT on t(a, c)'],
    ],
    ['SELECT a FROM t UNION SELECT a FROM u', ['SELECT on t(a)', 'SELECT on u(a)']],
    ['SELECT (SELECT d FROM u) FROM t', ['SELECT on u(d)', 'SELECT on any of t']],
    ['SELECT x FROM other.s', ['SELECT on s(x)']],
  ])('%s', (sql, needs) => {
    expect(needsOf(sql)).toEqual(needs)
  })
})

describe('a table of which nothing is read needs one readable column', () => {
  test.each([
    ['SELECT count(*) FROM t', ['SELECT on any of t']],
    ['SELECT 1 FROM t', ['SELECT on any of t']],
    ['SELECT a FROM t, u WHERE t.a = 1', ['SELECT on t(a)', 'SELECT on any of u']],
    [
      'SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u)',
      ['SELECT on any of t', 'SELECT on any of u'],
    ],
    ['SELECT 1 FROM t CROSS JOIN u', ['SELECT on any of t', 'SELECT on any of u']],
  ])('%s', (sql, needs) => {
    // A column named twice in two scopes is ambiguous only where it is named.
    expect(needsOf(sql.replace('SELECT a FROM t, u', 'SELECT t.a FROM t, u'))).toEqual(needs)
  })
})

describe('stars and whole rows are every column, and do not name them (D45, Z2)', () => {
  test.each([
    ['SELECT * FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT u.* FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT u FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT count(u) FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT count(u.*) FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT row(u.*) FROM u', ['SELECT on u(a*, d*)']],
    ['SELECT *, d FROM u', ['SELECT on u(a*, d)']],
    ['SELECT (u).d FROM u', ['SELECT on u(d)']],
    // Else the longest list that is taken would tell how many columns are hidden.
    ['SELECT q FROM u AS v(p, q)', ['SELECT on u(a*, d*)']],
    ['SELECT p FROM u AS v(p)', ['SELECT on u(a*)']],
    ['SELECT 1 FROM u AS v(p, q)', ['SELECT on u(a*, d*)']],
    ['SELECT * FROM t NATURAL JOIN u', ['SELECT on t(a*, b*, c*, ts*)', 'SELECT on u(a*, d*)']],
    ['TABLE u', ['SELECT on u(a*, d*)']],
  ])('%s', (sql, needs) => {
    expect(needsOf(sql)).toEqual(needs)
  })
})

describe('names are said as the statement writes them, compared without case', () => {
  test.each([
    ['SELECT "A" FROM "T"', ['SELECT on T(A)']],
    ['SELECT 1 FROM t JOIN u USING ("A")', ['SELECT on t(A)', 'SELECT on u(A)']],
    ['UPDATE t SET "A" = 1', ['UPDATE on t(A)']],
    ['SELECT T.B FROM t', ['SELECT on t(b)']],
  ])('%s', (sql, needs) => {
    expect(needsOf(sql)).toEqual(needs)
  })
})

describe('writes: the own permission first, then what is read (Q2)', () => {
  test.each([
    ['INSERT INTO t VALUES (1)', ['INSERT on t']],
    ['INSERT INTO t (a) VALUES (1) RETURNING a, b', ['INSERT on t', 'SELECT on t(a, b)']],
    ['INSERT INTO t (a) SELECT a FROM u', ['INSERT on t', 'SELECT on u(a)']],
    ['INSERT INTO t (a) VALUES ((SELECT max(a) FROM u))', ['INSERT on t', 'SELECT on u(a)']],
    ['INSERT INTO t DEFAULT VALUES', ['INSERT on t']],
    ['INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING', ['INSERT on t']],
    ['INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING', ['INSERT on t', 'SELECT on t(a)']],
    [
      'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b',
      ['INSERT on t', 'UPDATE on t(b)', 'SELECT on t(a)'],
    ],
    [
      'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = t.b || $1 WHERE t.c > 0',
      ['INSERT on t', 'UPDATE on t(b)', 'SELECT on t(a, b, c)'],
    ],
    [
      'INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT pk DO NOTHING',
      ['INSERT on t', 'SELECT on t(a*)'],
    ],
    ['UPDATE t SET a = 1', ['UPDATE on t(a)']],
    ['UPDATE t SET c = 1, a = 2', ['UPDATE on t(a, c)']],
    ['UPDATE t SET a = a + 1', ['UPDATE on t(a)', 'SELECT on t(a)']],
    ['UPDATE t SET a = 1 WHERE b IS NULL', ['UPDATE on t(a)', 'SELECT on t(b)']],
    ['UPDATE t SET a = 1 RETURNING c', ['UPDATE on t(a)', 'SELECT on t(c)']],
    ['UPDATE t SET (a, b) = (1, $1)', ['UPDATE on t(a, b)']],
    ['UPDATE t SET (a, c) = (SELECT a, d FROM u)', ['UPDATE on t(a, c)', 'SELECT on u(a, d)']],
    ['UPDATE t SET a = 1 FROM u', ['UPDATE on t(a)', 'SELECT on any of u']],
    [
      'UPDATE t SET a = 1 FROM u WHERE u.a = t.a',
      ['UPDATE on t(a)', 'SELECT on t(a)', 'SELECT on u(a)'],
    ],
    ['UPDATE t SET a = 1 FROM t AS o', ['UPDATE on t(a)', 'SELECT on any of t']],
    ['DELETE FROM t', ['DELETE on t']],
    ['DELETE FROM t WHERE a = 1', ['DELETE on t', 'SELECT on t(a)']],
    ['DELETE FROM t USING u WHERE u.a = t.a', ['DELETE on t', 'SELECT on t(a)', 'SELECT on u(a)']],
    ['DELETE FROM t WHERE true RETURNING b', ['DELETE on t', 'SELECT on t(b)']],
    ['WITH q AS (SELECT d FROM u) DELETE FROM t', ['DELETE on t', 'SELECT on u(d)']],
  ])('%s', (sql, needs) => {
    const bound = outcome(bindText(sql, optionsFor(schema)))
    expect(bound.error).toBeUndefined()
    expect(bound.needs).toEqual(needs)
  })
})

describe('what does not exist needs the right to know so, and the rest counts all the same (G61)', () => {
  test.each([
    ['SELECT a FROM nope', ['SELECT on unknown nope'], '42P01 table does not exist [table=nope]'],
    [
      'SELECT 1 FROM other.t',
      ['SELECT on unknown t'],
      '42P01 table does not exist [table=other.t]',
    ],
    ['SELECT z FROM t', ['SELECT on t(unknown z)'], '42703 Invalid column: z'],
    ['SELECT a, z FROM t', ['SELECT on t(a)', 'SELECT on t(unknown z)'], '42703 Invalid column: z'],
    [
      'SELECT z FROM t, u',
      ['SELECT on t(unknown z)', 'SELECT on u(unknown z)'],
      '42703 Invalid column: z',
    ],
    [
      'SELECT u.d FROM nope, u',
      ['SELECT on unknown nope', 'SELECT on u(d)'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'SELECT (SELECT z FROM u) FROM t',
      ['SELECT on u(unknown z)', 'SELECT on t(unknown z)'],
      '42703 Invalid column: z',
    ],
    [
      'INSERT INTO nope SELECT d FROM u',
      ['INSERT on unknown nope', 'SELECT on u(d)'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'INSERT INTO t (z) VALUES (1)',
      ['INSERT on t', 'INSERT on t(unknown z)'],
      '42703 Invalid column: z',
    ],
    [
      'UPDATE t SET z = 1 WHERE a = 1',
      ['UPDATE on t(unknown z)', 'SELECT on t(a)'],
      '42703 Invalid column: z',
    ],
    [
      'UPDATE t SET a[1] = 1',
      ['UPDATE on t(a)'],
      '0A000 assignments to parts of columns are not supported',
    ],
    [
      'UPDATE nope SET a = 1',
      ['UPDATE on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'DELETE FROM nope USING u WHERE u.d > 1',
      ['DELETE on unknown nope', 'SELECT on u(d)'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'SELECT 1 FROM t NATURAL JOIN nope',
      ['SELECT on any of t', 'SELECT on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'SELECT t.b FROM t JOIN nope USING (a)',
      ['SELECT on t(a, b)', 'SELECT on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
  ])('%s', (sql, needs, error) => {
    expect(outcome(bindText(sql, optionsFor(schema)))).toEqual({ needs, error })
  })
})

describe('an error about what a column is comes after the right to read it', () => {
  test.each([
    [
      "SELECT a + 'x' FROM t",
      ['SELECT on t(a)'],
      '22P02 invalid input syntax for type integer: "x"',
    ],
    ['SELECT lower(a) FROM t', ['SELECT on t(a)'], '42883 function lower(integer) does not exist'],
    [
      'SELECT a FROM t WHERE b',
      ['SELECT on t(a, b)'],
      '42804 argument of WHERE must be type boolean, not type text',
    ],
    [
      'SELECT a FROM t UNION SELECT b FROM t',
      ['SELECT on t(a, b)'],
      '42804 UNION types integer and text cannot be matched',
    ],
    [
      'SELECT a FROM t, u',
      ['SELECT on t(a)', 'SELECT on u(a)'],
      '42702 column reference "a" is ambiguous',
    ],
    [
      'SELECT b FROM t GROUP BY c',
      ['SELECT on t(b, c)'],
      '42803 column "t.b" must appear in the GROUP BY clause or be used in an aggregate function',
    ],
    [
      'UPDATE t SET ts = $1 WHERE a = 1',
      ['UPDATE on t(ts)', 'SELECT on t(a)'],
      '42809 Designated timestamp column cannot be updated',
    ],
    [
      'SELECT p FROM u v(p, q, r)',
      ['SELECT on u(a*, d*)'],
      '42P10 table "v" has 2 columns available but 3 columns specified',
    ],
  ])('%s', (sql, needs, error) => {
    expect(outcome(bindText(sql, optionsFor(schema)))).toEqual({ needs, error })
  })
})

describe('one error does not make others, nor requirements, of what follows from it', () => {
  test.each([
    [
      'SELECT a, x.y, z FROM t, nofunc() AS x',
      ['SELECT on t(a)'],
      '42883 function nofunc() does not exist',
    ],
    [
      'WITH q AS (SELECT a FROM t UNION SELECT b FROM t) SELECT k FROM q',
      ['SELECT on t(a, b)'],
      '42804 UNION types integer and text cannot be matched',
    ],
    [
      'SELECT q.z FROM (SELECT a FROM t UNION SELECT b FROM t) q JOIN u ON u.a = q.y',
      ['SELECT on t(a, b)'],
      '42804 UNION types integer and text cannot be matched',
    ],
  ])('%s', (sql, needs, error) => {
    expect(outcome(bindText(sql, optionsFor(schema)))).toEqual({ needs, error })
  })
})

test('a binding depends on text and schema alone', () => {
  const sql = 'WITH q AS (SELECT a FROM t) SELECT q.a, count(*) FROM q JOIN u USING (a) GROUP BY 1'
  expect(bindText(sql, optionsFor(schema))).toEqual(bindText(sql, optionsFor(schema)))
})
