/** DECLARE (V7) as it is bound: types, places, requirements, and variables of views within views. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Relation } from '../../../acl/schema.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'
import { viewOf } from './view-fixture.ts'

beforeAll(loadParser)

const fx = table('fx', 'ecn text, qty int4, ts timestamp, hidden text', { oid: 20 })
const other = table('other', 'ecn text', { oid: 21 })

/** Tables, and the views of these definitions, each bound against those before it. */
function world(...views: readonly (readonly [name: string, definition: string])[]): Relation[] {
  const relations: Relation[] = [fx, other]
  for (const [index, [name, definition]] of views.entries()) {
    relations.push(viewOf(name, definition, schemaOf(relations), 900 + index))
  }
  return relations
}

const desk = [
  'desk',
  "DECLARE OVERRIDABLE @ecn := '', @least := 1 SELECT ecn, qty FROM fx WHERE ecn = @ecn AND qty >= @least",
] as const

function bound(sql: string, relations: readonly Relation[] = world()): ReturnType<typeof outcome> {
  return outcome(bindText(sql, optionsFor(schemaOf(relations))))
}

/** The constants of what runs, in the order of the tree; no variable is left in it. */
function constants(sql: string, relations: readonly Relation[]): readonly unknown[] {
  const binding = bindText(sql, optionsFor(schemaOf(relations)))
  if (binding.kind !== 'Data') throw new Error(JSON.stringify(binding))
  const found: unknown[] = []
  JSON.stringify(binding.statement, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value
    if (value.kind === 'Variable') throw new Error('a variable is left')
    if (value.kind === 'Constant' && 'value' in value) found.push(value.value)
    return value
  })
  return found
}

describe('a variable is an expression with the type of its place', () => {
  test.each([
    ['DECLARE @x := 1 SELECT @x AS a', 'a int4'],
    ["DECLARE @x := 'a' SELECT @x AS a", 'a text'],
    ["DECLARE @x := '2' SELECT @x + 1 AS a", 'a int4'],
    ['DECLARE @a := 1, @b := @a + 0.5 SELECT @b * @a AS a', 'a numeric'],
    ['DECLARE @x := 1 SELECT @X::int8 AS a', 'a int8'],
    ['DECLARE @x := now() SELECT @x AS a', 'a timestamptz'],
    ['DECLARE @x := 2 SELECT -@x * 3 AS a', 'a int4'],
    ['DECLARE @x := 2 SELECT q.b AS a FROM (SELECT @x AS b) q', 'a int4'],
    ['DECLARE @x := 2 WITH q AS (SELECT @x AS a) SELECT a FROM q', 'a int4'],
    ['DECLARE @x := ARRAY[1, 2] SELECT @x[1] AS a', 'a int4'],
  ])('%s', (sql, column) => {
    expect(bound(sql)).toEqual({ needs: [], columns: [column] })
  })

  test('it is bound as a whole, not put in as text', () => {
    expect(constants('DECLARE @x := 1 + 2 SELECT @x * 3', [])).toEqual([1, 2, 3])
    const binding = bindText('DECLARE @x := 1 + 2 SELECT @x * 3', optionsFor(schemaOf([])))
    if (binding.kind !== 'Data') throw new Error('it binds')
    expect(JSON.stringify(binding.statement)).toMatch(
      /"operator":"\*","left":\{[^}]*"operator":"\+"/,
    )
  })

  test("a client's parameters are told from variables, and take one type", () => {
    const sql = 'DECLARE @x := $2 SELECT qty FROM fx WHERE qty > @x AND @x < 5 AND ecn = $1'
    const binding = bindText(sql, optionsFor(schemaOf(world())))
    expect(binding).toMatchObject({
      kind: 'Data',
      parameters: [
        { kind: 'Scalar', name: 'text' },
        { kind: 'Scalar', name: 'int4' },
      ],
    })
  })
})

describe('requirements are those of the query', () => {
  test.each([
    ["DECLARE @x := 'a' SELECT qty FROM fx WHERE ecn = @x", ['SELECT on fx(ecn, qty)']],
    ["DECLARE @x := 'a' SELECT count(*) FROM fx", ['SELECT on any of fx']],
    ["CREATE TABLE n AS (DECLARE @x := 'a' SELECT qty FROM fx WHERE ecn = @x)", undefined],
    ["CREATE VIEW n AS (DECLARE @x := 'a' SELECT qty FROM fx WHERE ecn = @x)", undefined],
  ])('%s', (sql, needs) => {
    const { needs: found, error } = bound(sql)
    expect(error).toBeUndefined()
    expect(found.slice(-1)).toEqual(needs ?? ['SELECT on fx(ecn, qty)'])
  })

  test('an error of a variable is told to those only who hold what the query needs', () => {
    expect(bound("DECLARE @x := 'a'::int4 SELECT hidden FROM fx WHERE qty = @x")).toMatchObject({
      needs: ['SELECT on fx(qty, hidden)'],
    })
    expect(bound('DECLARE @x := nothing() SELECT hidden FROM fx')).toEqual({
      needs: ['SELECT on fx(hidden)'],
      error: '42883 function nothing() does not exist',
    })
  })
})

describe('what is wrong with a variable is said with its place', () => {
  test.each([
    ['DECLARE @x := 1 SELECT @y', '42601 variable is not declared: @y', 23],
    ['DECLARE @x := @y SELECT 1', '42601 variable is not declared: @y', 14],
    ['DECLARE @x := 1, @X := 2 SELECT 1', '42601 variable is declared twice: @X', 17],
    ['DECLARE @x := @x SELECT 1', '42601 variable refers to itself: @x', 14],
    [
      'DECLARE @x := @y, @y := @x SELECT 1',
      '42601 variable is used before its declaration: @y',
      14,
    ],
    ['DECLARE @x := qty SELECT @x FROM fx', '0A000 a column in variable @x is not supported', 14],
    [
      'DECLARE @x := 1 + fx.hidden SELECT @x FROM fx',
      '0A000 a column in variable @x is not supported',
      18,
    ],
    [
      'DECLARE @x := (SELECT max(qty) FROM fx) SELECT @x',
      '0A000 a subquery in variable @x is not supported',
      14,
    ],
    [
      'DECLARE @x := EXISTS (SELECT 1 FROM fx) SELECT @x',
      '0A000 a subquery in variable @x is not supported',
      14,
    ],
    [
      'DECLARE @x := count(*) SELECT @x',
      '42803 aggregate functions are not allowed in DECLARE',
      14,
    ],
    [
      'DECLARE @x := row_number() OVER () SELECT @x',
      '42P20 window functions are not allowed in DECLARE',
      14,
    ],
    ["DECLARE @x := 1 + 'a' SELECT 1", '22P02 invalid input syntax for type integer: "a"', 18],
    ["DECLARE @x := 'a' SELECT 1 + @x", '22P02 invalid input syntax for type integer: "a"', 29],
    ['DECLARE @x := true SELECT 1 + @x', '42883 operator does not exist: integer + boolean', 28],
  ])('%s', (sql, error, offset) => {
    const binding = bindText(sql, optionsFor(schemaOf(world())))
    if (binding.kind !== 'Unbindable') throw new Error('it is refused')
    expect(`${binding.error.sqlState} ${binding.error.message}`).toBe(error)
    expect(binding.error.offset).toBe(offset)
  })

  test('nothing of it is looked up', () => {
    expect(bound('DECLARE @x := hidden SELECT @x FROM fx').needs).toEqual([])
  })

  test('variables that double along a chain end in an error, not in a long wait', () => {
    const chain = Array.from(
      { length: 40 },
      (_one, step) => `@v${step + 1} := @v${step} + @v${step}`,
    )
    const sql = `DECLARE @v0 := 1, ${chain.join(', ')} SELECT @v40`
    expect(bound(sql).error).toMatch(/^54001 /)
  })

  test('a chain that grows ever higher ends in an error', () => {
    const chain = Array.from({ length: 99 }, (_one, step) => `@v${step + 1} := - - - @v${step}`)
    const sql = `DECLARE @v0 := 1, ${chain.join(', ')} SELECT @v99`
    expect(bound(sql).error).toMatch(/^54001 /)
  })
})

describe('views', () => {
  const pinned = ['lmax', "DECLARE @ecn := 'LMAX' SELECT ecn, qty FROM desk"] as const
  const passing = ['passing', 'SELECT ecn FROM desk'] as const
  const open = ['open', "DECLARE OVERRIDABLE @ecn := 'EBS' SELECT ecn FROM desk"] as const
  const deep = ['deep', 'SELECT ecn FROM lmax'] as const

  test.each([
    ['its default', 'SELECT ecn FROM desk', [desk], ['', 1]],
    ["the reader's value", "DECLARE @ECN := 'EBS' SELECT ecn FROM desk", [desk], ['EBS', 1]],
    ["another name's value", "DECLARE @other := 'EBS' SELECT ecn FROM desk", [desk], ['', 1]],
    ["the pinning view's value", 'SELECT ecn FROM lmax', [desk, pinned], ['LMAX', 1]],
    [
      'through a view without DECLARE',
      "DECLARE @ecn := 'A' SELECT ecn FROM passing",
      [desk, passing],
      ['A', 1],
    ],
    ["the outer view's default", 'SELECT ecn FROM open', [desk, open], ['EBS', 1]],
    [
      'through a view that leaves it open',
      "DECLARE @ecn := 'A' SELECT ecn FROM open",
      [desk, open],
      ['A', 1],
    ],
    [
      'in a subquery',
      "DECLARE @ecn := 'A' SELECT 1 WHERE EXISTS (SELECT FROM desk)",
      [desk],
      [1, 'A', 1],
    ],
    ['twice', "DECLARE @ecn := 'A' SELECT 1 FROM desk x, desk y", [desk], [1, 'A', 1, 'A', 1]],
  ] as const)('has %s', (_what, sql, views, expected) => {
    expect(constants(sql, world(...views))).toEqual(expected)
  })

  test.each([
    ['DECLARE @least := 5 SELECT ecn FROM desk', '@least', 8],
    ["DECLARE @ecn := 'EBS' SELECT ecn FROM lmax", '@ecn', 8],
    ["DECLARE @a := 1, @ECN := 'EBS' SELECT ecn FROM deep", '@ecn', 17],
    ["DECLARE @ecn := 'EBS' SELECT ecn FROM desk, lmax", '@ecn', 8],
    ["DECLARE OVERRIDABLE @ecn := 'EBS' SELECT ecn FROM lmax", '@ecn', 20],
    ["DECLARE @ecn := 'EBS' SELECT (SELECT max(ecn) FROM lmax)", '@ecn', 8],
    ["CREATE VIEW w AS (DECLARE @ecn := 'EBS' SELECT ecn FROM lmax)", '@ecn', 26],
    ["CREATE VIEW w AS (DECLARE OVERRIDABLE @ecn := 'EBS' SELECT ecn FROM deep)", '@ecn', 38],
  ])('refuses %s', (sql, name, offset) => {
    const relations = world(desk, pinned, deep)
    const binding = bindText(sql, optionsFor(schemaOf(relations)))
    if (binding.kind !== 'Unbindable') throw new Error('it is refused')
    expect(binding.error).toMatchObject({
      sqlState: '42601',
      message: `variable is not overridable: ${name}`,
      offset,
    })
    expect(binding.requirements).not.toHaveLength(0)
  })

  test('only SELECT on the view is needed, whatever is declared (V1)', () => {
    const relations = world(desk, pinned)
    expect(bound("DECLARE @ecn := 'EBS' SELECT ecn FROM desk", relations).needs).toEqual([
      'SELECT on desk',
    ])
    expect(bound("DECLARE @ecn := 'EBS' SELECT ecn FROM lmax", relations).needs).toEqual([
      'SELECT on lmax',
    ])
  })

  test('what a variable depends on changes with it', () => {
    const views = world([
      'v',
      'DECLARE OVERRIDABLE @a := 1, @b := @a + 10 SELECT qty FROM fx WHERE qty = @b',
    ])
    expect(constants('SELECT qty FROM v', views)).toEqual([1, 10])
    expect(constants('DECLARE @a := 7 SELECT qty FROM v', views)).toEqual([7, 10])
  })

  test('a variable that is used as another type stays a variable', () => {
    const views = world([
      'v',
      'DECLARE OVERRIDABLE @a := 1 SELECT qty FROM fx WHERE 1.5 * @a > @a AND @a IS NOT NULL',
    ])
    expect(constants('DECLARE @a := 7 SELECT qty FROM v', views)).toEqual(['1.5', 7, 7, 7])
  })

  test('a variable that repeats another has its type', () => {
    const views = world([
      'v',
      "DECLARE OVERRIDABLE @a := '1', OVERRIDABLE @b := @a, @c := @b SELECT qty FROM fx WHERE qty = @c",
    ])
    expect(constants('SELECT qty FROM v', views)).toEqual([1])
    expect(constants('DECLARE @a := 7 SELECT qty FROM v', views)).toEqual([7])
    expect(constants("DECLARE @a := 7, @b := '8' SELECT qty FROM v", views)).toEqual([8])
  })

  test("the reader's value has the type of the view's", () => {
    const views = world(['v', 'DECLARE OVERRIDABLE @a := 1 SELECT qty FROM fx WHERE qty = @a'])
    expect(constants("DECLARE @a := '5' SELECT qty FROM v", views)).toEqual([5])
    expect(bound("DECLARE @a := 'x' SELECT qty FROM v", views).error).toBe(
      '22P02 invalid input syntax for type integer: "x"',
    )
    expect(bound('DECLARE @a := true SELECT qty FROM v', views).error).toBe(
      '42846 cannot cast type boolean to integer',
    )
    expect(
      bindText("DECLARE @b := 1, @a := 'x' SELECT qty FROM v", optionsFor(schemaOf(views))),
    ).toMatchObject({ error: { offset: 17 } })
    const binding = bindText('DECLARE @a := $1 SELECT qty FROM v', optionsFor(schemaOf(views)))
    expect(binding).toMatchObject({ parameters: [{ kind: 'Scalar', name: 'int4' }] })
  })

  test("a reader's expression is evaluated once, not on rows that the view hides (V8)", () => {
    const binding = bindText(
      "DECLARE @ecn := lower('A') || 'b' SELECT ecn FROM desk",
      optionsFor(schemaOf(world(desk))),
    )
    if (binding.kind !== 'Data') throw new Error('it binds')
    expect(JSON.stringify(binding.statement)).toMatch(
      /"operator":"=","left":\{"kind":"ColumnReference"[^}]*\}[^}]*\},"right":\{"kind":"ScalarSubquery"/,
    )
  })

  test("the query's variables are not seen in the view, nor the view's in the query", () => {
    expect(bound('DECLARE @x := 1 SELECT @ecn FROM desk', world(desk)).error).toBe(
      '42601 variable is not declared: @ecn',
    )
    expect(
      bound('CREATE VIEW w AS (DECLARE @x := 1 SELECT @ecn AS e FROM desk)', world(desk)).error,
    ).toBe('42601 variable is not declared: @ecn')
  })

  test('a parameter has no place in a view', () => {
    expect(bound('CREATE VIEW w AS (DECLARE @x := $1 SELECT ecn FROM fx)').error).toBe(
      '42P02 there is no parameter $1',
    )
  })
})

describe('COMPILE VIEW (V12)', () => {
  test.each([
    ['COMPILE VIEW desk', [desk], { needs: ['COMPILE VIEW on desk'] }],
    ['COMPILE VIEW fx', [], { needs: ['COMPILE VIEW on fx'], error: '42809 fx is not a view' }],
    [
      'COMPILE VIEW none',
      [],
      {
        needs: ['COMPILE VIEW on unknown none'],
        error: '42P01 view does not exist [view=none]',
      },
    ],
  ] as const)('%s', (sql, views, expected) => {
    expect(bound(sql, world(...views))).toEqual(expected)
  })

  test('says what is missing, and needs nothing on it', () => {
    const [view] = world(desk).slice(-1)
    expect(bound('COMPILE VIEW desk', view === undefined ? [] : [view])).toEqual({
      needs: ['COMPILE VIEW on desk'],
      error: '42P01 view desk is invalid: table does not exist [table=fx]',
    })
  })
})
