import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BoundExpression, BoundQuery } from '../../../store/bound.ts'
import { askBoth, startJudges } from './differential.ts'
import type { Judges } from './differential.ts'
import { selectOf } from './engine.ts'
import {
  arrayOf,
  binary,
  bool,
  cast,
  constant,
  int,
  ints,
  nothing,
  numeric,
  row,
  scalar,
  text,
  texts,
  valuesOf,
} from './tree.ts'

let judges: Judges
beforeAll(async () => {
  judges = await startJudges()
}, 60_000)
afterAll(() => judges.stop())

type Row = readonly [postgres: string, tree: BoundExpression]

const yes = scalar('bool')

function like(
  operand: BoundExpression,
  pattern: BoundExpression,
  escape?: BoundExpression,
): BoundExpression {
  const flags = { caseInsensitive: false, negated: false }
  return {
    kind: 'LikeMatch',
    operand,
    pattern,
    ...flags,
    type: yes,
    ...(escape === undefined ? {} : { escape }),
  }
}

function ilike(operand: BoundExpression, pattern: BoundExpression): BoundExpression {
  return { kind: 'LikeMatch', operand, pattern, caseInsensitive: true, negated: false, type: yes }
}

function quantified(
  operand: BoundExpression,
  operator: '=' | '<>' | '<' | '>=' | '~',
  quantifier: 'ANY' | 'ALL',
  array: BoundExpression,
): BoundExpression {
  return { kind: 'QuantifiedArray', operand, operator, quantifier, array, type: yes }
}

function within(
  operands: readonly BoundExpression[],
  operator: '=' | '<>' | '<' | '>',
  quantifier: 'ANY' | 'ALL',
  query: BoundQuery,
): BoundExpression {
  return { kind: 'QuantifiedSubquery', operands, operator, quantifier, query, type: yes }
}

function inList(operand: BoundExpression, ...items: readonly BoundExpression[]): BoundExpression {
  return { kind: 'InList', operand, items, negated: false, type: yes }
}

function notIn(operand: BoundExpression, ...items: readonly BoundExpression[]): BoundExpression {
  return { kind: 'InList', operand, items, negated: true, type: yes }
}

function subscript(operand: BoundExpression, index: BoundExpression): BoundExpression {
  return { kind: 'Subscript', operand, index, type: scalar('int4') }
}

function slice(
  operand: BoundExpression,
  lower?: BoundExpression,
  upper?: BoundExpression,
): BoundExpression {
  const bounds = {
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
  }
  return { kind: 'Slice', operand, ...bounds, type: arrayOf('int4') }
}

function array(...elements: readonly BoundExpression[]): BoundExpression {
  return { kind: 'ArrayConstructor', elements, type: arrayOf('int4') }
}

const json = constant(
  '{"a": {"b": 1}, "$": 2, "/x": 3, "a~b": 4, "*": 5, "": 6, "n": null, "0": 7}',
  'json',
)
const jsonText = `'{"a": {"b":1}, "$": 2, "/x": 3, "a~b": 4, "*": 5, "": 6, "n": null, "0": 7}'::json`
const list = constant('[10, "x", null, [1]]', 'json')
const listText = `'[10, "x", null, [1]]'::json`
const numbers = (...values: readonly (number | null)[]): BoundQuery =>
  valuesOf(values.map((value) => [int(value)]))
const pad = scalar('bpchar', { length: 5 })

/** Value, pattern, escape. */
const likeSamples: readonly (readonly [string, string, string?])[] = [
  ['abcde', '%b%d%'],
  ['abcde', '%d%b%'],
  ['abcde', '_b%d_'],
  ['a%b_c', '%\\%%\\_%'],
  ['aXbXc', '%\\%%\\_%'],
  ['a\\%x', '%\\\\\\%%'],
  ['a\\\\b', '%\\\\\\\\%%'],
  ['a.b*c+(d)[e]{f}^g$|h?', '%.b*c+(d)[e]{f}^g$|h_%'],
  ['axb', '%.%b%'],
  ['a\nb', '%a%b%'],
  ['', '%%'],
  ['é€', '%_%_%'],
  ['é', '%_%_%'],
  ['a#b', '%##%_%', '#'],
  ['a%b', '%#%%b%', '#'],
  ['a1_2', '%11_%1_%', '1'],
  ['axb', '%xx%b%', 'x'],
  ['a%b', '%%%b', '%'],
  ['a_b', '%__%b%', '_'],
  ['a<b>', '%<<%>%', '<'],
  ['a\\b', '%\\%b%', ''],
]

const rows: Readonly<Record<string, readonly Row[]>> = {
  LIKE: [
    [`'a%b' LIKE 'a\\%b'`, like(text('a%b'), text('a\\%b'))],
    [`'axb' LIKE 'a\\%b'`, like(text('axb'), text('a\\%b'))],
    [`'axb' LIKE 'a%'`, like(text('axb'), text('a%'))],
    [`'é' LIKE '_'`, like(text('é'), text('_'))],
    [`'a\\b' LIKE 'a\\b' ESCAPE ''`, like(text('a\\b'), text('a\\b'), text(''))],
    [`'a%b' LIKE 'a#%b' ESCAPE '#'`, like(text('a%b'), text('a#%b'), text('#'))],
    [`NULL::text LIKE 'a'`, like(text(null), text('a'))],
    [`'a' LIKE NULL::text`, like(text('a'), text(null))],
    [`'ABC' ILIKE 'a\\bc'`, ilike(text('ABC'), text('a\\bc'))],
    [`E'a\\nb' LIKE 'a_b'`, like(text('a\nb'), text('a_b'))],
    [`'ab'::char(5) LIKE 'ab'`, like(cast(text('ab'), pad), text('ab'))],
    [`'ab'::char(5) LIKE 'ab%'`, like(cast(text('ab'), pad), text('ab%'))],
    // Several wildcards, or a pattern that is no constant: by way of a regular expression.
    ...likeSamples.flatMap(([value, pattern, escape]): readonly Row[] => {
      const escaped = escape === undefined ? '' : ` ESCAPE '${escape}'`
      const other = escape === undefined ? undefined : text(escape)
      return [
        [`'${value}' LIKE '${pattern}'${escaped}`, like(text(value), text(pattern), other)],
        [
          `'${value}' LIKE ('${pattern}' || '')${escaped}`,
          like(text(value), binary(text(pattern), '||', text(''), 'text'), other),
        ],
      ]
    }),
    [`'A.B.C' ILIKE '%.b_%c'`, ilike(text('A.B.C'), text('%.b_%c'))],
    [`'ABC' ILIKE '%\\B%c%'`, ilike(text('ABC'), text('%\\B%c%'))],
    [`'ÄB' ILIKE '%ä%b%'`, ilike(text('ÄB'), text('%ä%b%'))],
  ],
  'regular expressions': [
    [`'xaby' ~ 'ab'`, binary(text('xaby'), '~', text('ab'), 'bool')],
    [`'xAby' ~ 'ab'`, binary(text('xAby'), '~', text('ab'), 'bool')],
    [`'xAby' ~* 'ab'`, binary(text('xAby'), '~*', text('ab'), 'bool')],
    [`'xaby' !~ '^a'`, binary(text('xaby'), '!~', text('^a'), 'bool')],
    [`'xAby' !~* 'AB'`, binary(text('xAby'), '!~*', text('AB'), 'bool')],
    [`E'a\\nb' ~ 'a.b'`, binary(text('a\nb'), '~', text('a.b'), 'bool')],
    [`E'a\\nb' ~ '^b'`, binary(text('a\nb'), '~', text('^b'), 'bool')],
    [`E'a\\nb' ~ 'a$'`, binary(text('a\nb'), '~', text('a$'), 'bool')],
    [`'a1' ~ '\\d'`, binary(text('a1'), '~', text('\\d'), 'bool')],
    [`NULL::text ~ 'a'`, binary(text(null), '~', text('a'), 'bool')],
  ],
  'blank-padded text': [
    [
      `'ab'::char(5) = 'ab'::char(3)`,
      binary(cast(text('ab'), pad), '=', cast(text('ab'), scalar('bpchar', { length: 3 })), 'bool'),
    ],
    [
      `'ab '::char(5)::text || '|'`,
      binary(cast(cast(text('ab '), pad), 'text'), '||', text('|'), 'text'),
    ],
    [
      `'ab'::char(5) IN ('ab'::char(2))`,
      inList(cast(text('ab'), pad), cast(text('ab'), scalar('bpchar', { length: 2 }))),
    ],
    [`'abcdef'::char(3)`, cast(text('abcdef'), scalar('bpchar', { length: 3 }))],
    [`'abcdef'::varchar(3)`, cast(text('abcdef'), scalar('varchar', { length: 3 }))],
    [`'éàü'::varchar(2)`, cast(text('éàü'), scalar('varchar', { length: 2 }))],
    [`NULL::text::varchar(2)`, cast(text(null), scalar('varchar', { length: 2 }))],
  ],
  'IN and NULL': [
    [`1 IN (1, NULL)`, inList(int(1), int(1), int(null))],
    [`2 IN (1, NULL)`, inList(int(2), int(1), int(null))],
    [`2 NOT IN (1, NULL)`, notIn(int(2), int(1), int(null))],
    [`NULL::int IN (1)`, inList(int(null), int(1))],
    [
      `(1, 2) IN ((1, 2), (3, 4))`,
      inList(row(int(1), int(2)), row(int(1), int(2)), row(int(3), int(4))),
    ],
    [`(1, NULL::int) IN ((1, 2))`, inList(row(int(1), int(null)), row(int(1), int(2)))],
    [`(9, NULL::int) NOT IN ((1, 2))`, notIn(row(int(9), int(null)), row(int(1), int(2)))],
    [`1 = ANY (VALUES (1), (NULL))`, within([int(1)], '=', 'ANY', numbers(1, null))],
    [`2 = ANY (VALUES (1), (NULL))`, within([int(2)], '=', 'ANY', numbers(1, null))],
    [`2 <> ALL (VALUES (1), (NULL))`, within([int(2)], '<>', 'ALL', numbers(1, null))],
    [`2 > ALL (VALUES (1), (0))`, within([int(2)], '>', 'ALL', numbers(1, 0))],
    [
      `NULL::int > ALL (SELECT 1 WHERE false)`,
      within([int(null)], '>', 'ALL', selectOf([int(1)], { where: bool(false) })),
    ],
    [
      `NULL::int = ANY (SELECT 1 WHERE false)`,
      within([int(null)], '=', 'ANY', selectOf([int(1)], { where: bool(false) })),
    ],
    [
      `(1, 2) = ANY (VALUES (1, NULL), (3, 4))`,
      within(
        [int(1), int(2)],
        '=',
        'ANY',
        valuesOf([
          [int(1), int(null)],
          [int(3), int(4)],
        ]),
      ),
    ],
    [
      `(5, 2) = ANY (VALUES (1, NULL), (3, 4))`,
      within(
        [int(5), int(2)],
        '=',
        'ANY',
        valuesOf([
          [int(1), int(null)],
          [int(3), int(4)],
        ]),
      ),
    ],
    [
      `(1, NULL::int) = ANY (VALUES (1, 2))`,
      within([int(1), int(null)], '=', 'ANY', valuesOf([[int(1), int(2)]])),
    ],
    [
      `(5, NULL::int) <> ALL (VALUES (1, 2))`,
      within([int(5), int(null)], '<>', 'ALL', valuesOf([[int(1), int(2)]])),
    ],
    [
      `(1, 2) < ANY (VALUES (1, 3))`,
      within([int(1), int(2)], '<', 'ANY', valuesOf([[int(1), int(3)]])),
    ],
  ],
  rows: [
    [`ROW(1, 2) < ROW(1, 3)`, binary(row(int(1), int(2)), '<', row(int(1), int(3)), 'bool')],
    [
      `ROW(1, NULL::int) < ROW(1, 3)`,
      binary(row(int(1), int(null)), '<', row(int(1), int(3)), 'bool'),
    ],
    [
      `ROW(0, NULL::int) < ROW(1, 3)`,
      binary(row(int(0), int(null)), '<', row(int(1), int(3)), 'bool'),
    ],
    [
      `ROW(1, NULL::int) = ROW(1, NULL::int)`,
      binary(row(int(1), int(null)), '=', row(int(1), int(null)), 'bool'),
    ],
    [
      `ROW(1, NULL::int) <> ROW(2, NULL::int)`,
      binary(row(int(1), int(null)), '<>', row(int(2), int(null)), 'bool'),
    ],
    [
      `ROW(1, 2, 3) >= ROW(1, 2, 3)`,
      binary(row(int(1), int(2), int(3)), '>=', row(int(1), int(2), int(3)), 'bool'),
    ],
    [
      `ROW(1, 2, 3) <= ROW(1, 2, 2)`,
      binary(row(int(1), int(2), int(3)), '<=', row(int(1), int(2), int(2)), 'bool'),
    ],
    [
      `ROW(1, NULL::int) IS NULL`,
      { kind: 'NullTest', operand: row(int(1), int(null)), negated: false, type: yes },
    ],
    [
      `ROW(1, NULL::int) IS NOT NULL`,
      { kind: 'NullTest', operand: row(int(1), int(null)), negated: true, type: yes },
    ],
    [
      `ROW(NULL::int, NULL::int) IS NULL`,
      { kind: 'NullTest', operand: row(int(null), int(null)), negated: false, type: yes },
    ],
    [
      `ROW(1, NULL::int) IS NOT DISTINCT FROM ROW(1, NULL::int)`,
      {
        kind: 'DistinctTest',
        left: row(int(1), int(null)),
        right: row(int(1), int(null)),
        negated: true,
        type: yes,
      },
    ],
    [
      `ROW(1, NULL::int) IS DISTINCT FROM ROW(1, 2)`,
      {
        kind: 'DistinctTest',
        left: row(int(1), int(null)),
        right: row(int(1), int(2)),
        negated: false,
        type: yes,
      },
    ],
  ],
  tests: [
    [
      `NULL::bool IS TRUE`,
      { kind: 'BooleanTest', operand: bool(null), test: 'TRUE', negated: false, type: yes },
    ],
    [
      `NULL::bool IS NOT FALSE`,
      { kind: 'BooleanTest', operand: bool(null), test: 'FALSE', negated: true, type: yes },
    ],
    [
      `NULL::bool IS UNKNOWN`,
      { kind: 'BooleanTest', operand: bool(null), test: 'UNKNOWN', negated: false, type: yes },
    ],
    [
      `2 BETWEEN SYMMETRIC 3 AND 1`,
      {
        kind: 'Between',
        operand: int(2),
        low: int(3),
        high: int(1),
        symmetric: true,
        negated: false,
        type: yes,
      },
    ],
    [
      `2 NOT BETWEEN 3 AND 1`,
      {
        kind: 'Between',
        operand: int(2),
        low: int(3),
        high: int(1),
        symmetric: false,
        negated: true,
        type: yes,
      },
    ],
    [
      `NULL::int BETWEEN 1 AND 2`,
      {
        kind: 'Between',
        operand: int(null),
        low: int(1),
        high: int(2),
        symmetric: false,
        negated: false,
        type: yes,
      },
    ],
    [
      `5 BETWEEN NULL AND 2`,
      {
        kind: 'Between',
        operand: int(5),
        low: int(null),
        high: int(2),
        symmetric: false,
        negated: false,
        type: yes,
      },
    ],
    [
      `CASE NULL::int WHEN NULL THEN 1 ELSE 2 END`,
      {
        kind: 'CaseExpression',
        operand: int(null),
        // oxlint-disable-next-line unicorn/no-thenable -- the contract of store/bound.ts names it so; never awaited
        branches: [{ when: int(null), then: int(1) }],
        otherwise: int(2),
        type: scalar('int4'),
      },
    ],
    [
      `CASE WHEN false THEN 1/0 ELSE 2 END`,
      {
        kind: 'CaseExpression',
        // oxlint-disable-next-line unicorn/no-thenable -- the contract of store/bound.ts names it so; never awaited
        branches: [{ when: bool(false), then: binary(int(1), '/', int(0), 'int4') }],
        otherwise: int(2),
        type: scalar('int4'),
      },
    ],
    [
      `NULLIF(1, 1)`,
      {
        kind: 'ConditionalCall',
        function: 'nullif',
        arguments: [int(1), int(1)],
        type: scalar('int4'),
      },
    ],
    [
      `NULLIF(1, 2)`,
      {
        kind: 'ConditionalCall',
        function: 'nullif',
        arguments: [int(1), int(2)],
        type: scalar('int4'),
      },
    ],
    [
      `GREATEST(1, NULL, 3)`,
      {
        kind: 'ConditionalCall',
        function: 'greatest',
        arguments: [int(1), int(null), int(3)],
        type: scalar('int4'),
      },
    ],
    [
      `LEAST(NULL::int, NULL)`,
      {
        kind: 'ConditionalCall',
        function: 'least',
        arguments: [int(null), int(null)],
        type: scalar('int4'),
      },
    ],
    [
      `COALESCE(NULL, 2, 1/0)`,
      {
        kind: 'ConditionalCall',
        function: 'coalesce',
        arguments: [int(null), int(2), binary(int(1), '/', int(0), 'int4')],
        type: scalar('int4'),
      },
    ],
    [`NULL::int / 0`, binary(int(null), '/', int(0), 'int4')],
    [`1 / 0`, binary(int(1), '/', int(0), 'int4')],
    [`1 / (1 - 1)`, binary(int(1), '/', binary(int(1), '-', int(1), 'int4'), 'int4')],
    [
      `(SELECT v FROM (VALUES (1), (2)) AS x(v))`,
      { kind: 'ScalarSubquery', query: numbers(1, 2), type: scalar('int4') },
    ],
    [
      `EXISTS (SELECT FROM (VALUES (1)) AS x(v))`,
      { kind: 'ExistsSubquery', query: selectOf([]), type: yes },
    ],
  ],
  arrays: [
    [`(ARRAY[1,2,3])[2]`, subscript(ints(1, 2, 3), int(2))],
    [`(ARRAY[1,2,3])[0]`, subscript(ints(1, 2, 3), int(0))],
    [`(ARRAY[1,2,3])[-1]`, subscript(ints(1, 2, 3), int(-1))],
    [`(ARRAY[1,2,3])[4]`, subscript(ints(1, 2, 3), int(4))],
    [`(ARRAY[1,2,3])[NULL]`, subscript(ints(1, 2, 3), int(null))],
    [`(ARRAY[1,2,3])[2:3]`, slice(ints(1, 2, 3), int(2), int(3))],
    [`(ARRAY[1,2,3])[:2]`, slice(ints(1, 2, 3), undefined, int(2))],
    [`(ARRAY[1,2,3])[2:]`, slice(ints(1, 2, 3), int(2))],
    [`(ARRAY[1,2,3])[-5:2]`, slice(ints(1, 2, 3), int(-5), int(2))],
    [`(ARRAY[1,2,3])[3:2]`, slice(ints(1, 2, 3), int(3), int(2))],
    [`(ARRAY[1,2,3])[0:-1]`, slice(ints(1, 2, 3), int(0), int(-1))],
    [`(ARRAY[1,2,3])[2:99]`, slice(ints(1, 2, 3), int(2), int(99))],
    [`(ARRAY[1,2,3])[7:99]`, slice(ints(1, 2, 3), int(7), int(99))],
    [`(ARRAY[1,2,3])[NULL:2]`, slice(ints(1, 2, 3), int(null), int(2))],
    [`ARRAY[1,2] || ARRAY[3]`, binary(ints(1, 2), '||', ints(3), arrayOf('int4'))],
    [
      `ARRAY[1,2] || NULL::int[]`,
      binary(ints(1, 2), '||', nothing(arrayOf('int4')), arrayOf('int4')),
    ],
    [`NULL::int[] || ARRAY[1]`, binary(nothing(arrayOf('int4')), '||', ints(1), arrayOf('int4'))],
    [`ARRAY[1,2] || 3`, binary(ints(1, 2), '||', int(3), arrayOf('int4'))],
    [`0 || ARRAY[1,2]`, binary(int(0), '||', ints(1, 2), arrayOf('int4'))],
    [`ARRAY[1,2] || NULL::int`, binary(ints(1, 2), '||', int(null), arrayOf('int4'))],
    [`ARRAY[1,2,3] @> ARRAY[3,1]`, binary(ints(1, 2, 3), '@>', ints(3, 1), 'bool')],
    [`ARRAY[1,NULL] @> ARRAY[NULL]::int[]`, binary(ints(1, null), '@>', ints(null), 'bool')],
    [`ARRAY[1,2] @> '{}'::int[]`, binary(ints(1, 2), '@>', ints(), 'bool')],
    [`ARRAY[1] <@ ARRAY[1,2]`, binary(ints(1), '<@', ints(1, 2), 'bool')],
    [`ARRAY[1,NULL] && ARRAY[NULL,2]::int[]`, binary(ints(1, null), '&&', ints(null, 2), 'bool')],
    [`ARRAY[1,2] && ARRAY[2,3]`, binary(ints(1, 2), '&&', ints(2, 3), 'bool')],
    [`NULL::int[] @> ARRAY[1]`, binary(nothing(arrayOf('int4')), '@>', ints(1), 'bool')],
    [`ARRAY[1] @> NULL::int[]`, binary(ints(1), '@>', nothing(arrayOf('int4')), 'bool')],
    [`ARRAY[1,NULL] = ARRAY[1,NULL]`, binary(ints(1, null), '=', ints(1, null), 'bool')],
    [`ARRAY[1,2] < ARRAY[1,NULL]`, binary(ints(1, 2), '<', ints(1, null), 'bool')],
    [`ARRAY[1,2] < ARRAY[1,2,0]`, binary(ints(1, 2), '<', ints(1, 2, 0), 'bool')],
    [`ARRAY[['a'],['b c']]::text`, constant([['a'], ['b c']], arrayOf('text'))],
    [
      `ARRAY[NULL, 'NULL', '', 'a b', 'a"b', 'a\\b', '{}', 'x,y', E'\\t']`,
      texts(null, 'NULL', '', 'a b', 'a"b', 'a\\b', '{}', 'x,y', '\t'),
    ],
    [`ARRAY[1.5, 2, NULL]::float8[]`, constant([1.5, 2, null], arrayOf('float8'))],
    [`'{}'::int[]`, ints()],
    [
      `ARRAY['2020-01-01 10:00']::timestamp[]`,
      constant([1_577_872_800_000_000n], arrayOf('timestamp')),
    ],
    [
      `ROW(1, true, 'a b', NULL::int, 'x"y', '')`,
      row(int(1), bool(true), text('a b'), int(null), text('x"y'), text('')),
    ],
    [`ARRAY[true,NULL]`, constant([true, null], arrayOf('bool'))],
    [`'{1, 2,NULL}'::text::int[]`, cast(text('{1, 2,NULL}'), arrayOf('int4'))],
    [`'{a,"b c",NULL,"NULL"}'::text::text[]`, cast(text('{a,"b c",NULL,"NULL"}'), arrayOf('text'))],
    [`'nonsense'::text::int[]`, cast(text('nonsense'), arrayOf('int4'))],
    [`ARRAY[1,2]::text[]`, cast(ints(1, 2), arrayOf('text'))],
    [`ARRAY['1','2']::int[]`, cast(texts('1', '2'), arrayOf('int4'))],
  ],
  'ANY and ALL of arrays': [
    [`1 = ANY (ARRAY[1,NULL])`, quantified(int(1), '=', 'ANY', ints(1, null))],
    [`2 = ANY (ARRAY[1,NULL])`, quantified(int(2), '=', 'ANY', ints(1, null))],
    [`2 = ANY (ARRAY[1])`, quantified(int(2), '=', 'ANY', ints(1))],
    [`NULL::int = ANY (ARRAY[1])`, quantified(int(null), '=', 'ANY', ints(1))],
    [`NULL::int = ANY ('{}'::int[])`, quantified(int(null), '=', 'ANY', ints())],
    [`1 = ANY (NULL::int[])`, quantified(int(1), '=', 'ANY', nothing(arrayOf('int4')))],
    [`1 <> ALL (ARRAY[2,NULL])`, quantified(int(1), '<>', 'ALL', ints(2, null))],
    [`1 <> ALL (ARRAY[1,NULL])`, quantified(int(1), '<>', 'ALL', ints(1, null))],
    [`1 >= ALL ('{}'::int[])`, quantified(int(1), '>=', 'ALL', ints())],
    [`'abc' ~ ANY (ARRAY['x','b'])`, quantified(text('abc'), '~', 'ANY', texts('x', 'b'))],
    [
      `1 < ANY (ARRAY[1, 1 + 1])`,
      quantified(int(1), '<', 'ANY', array(int(1), binary(int(1), '+', int(1), 'int4'))),
    ],
    [
      `1 = ANY (ARRAY[1] || ARRAY[2])`,
      quantified(int(1), '=', 'ANY', binary(ints(1), '||', ints(2), arrayOf('int4'))),
    ],
  ],
  json: [
    [`${jsonText} -> 'a'`, binary(json, '->', text('a'), 'json')],
    [
      `${jsonText} -> 'a' -> 'b'`,
      binary(binary(json, '->', text('a'), 'json'), '->', text('b'), 'json'),
    ],
    ...['$', '/x', 'a~b', '*', '', 'n', '0', 'a.b', '$.a', 'missing'].flatMap(
      (key): readonly Row[] => [
        [`${jsonText} -> '${key}'`, binary(json, '->', text(key), 'json')],
        [`${jsonText} ->> '${key}'`, binary(json, '->>', text(key), 'text')],
        [`${listText} -> '${key}'`, binary(list, '->', text(key), 'json')],
      ],
    ),
    ...[0, 1, 2, 3, 4, -1, -4, -5].flatMap((index): readonly Row[] => [
      [`${listText} -> ${index}`, binary(list, '->', int(index), 'json')],
      [`${listText} ->> ${index}`, binary(list, '->>', int(index), 'text')],
      [`${jsonText} -> ${index}`, binary(json, '->', int(index), 'json')],
    ]),
  ],
  'bits and roots': [
    [`5 # 3`, binary(int(5), '#', int(3), 'int4')],
    [`~5`, { kind: 'PrefixOperation', operator: '~', operand: int(5), type: scalar('int4') }],
    [`@ -5`, { kind: 'PrefixOperation', operator: '@', operand: int(-5), type: scalar('int4') }],
    [`- (-5)`, { kind: 'PrefixOperation', operator: '-', operand: int(-5), type: scalar('int4') }],
    [
      `- (-2147483648)::int4`,
      { kind: 'PrefixOperation', operator: '-', operand: int(-2147483648), type: scalar('int4') },
    ],
    [
      `|/ 16.0::float8`,
      {
        kind: 'PrefixOperation',
        operator: '|/',
        operand: constant(16, 'float8'),
        type: scalar('float8'),
      },
    ],
    [
      `|/ (-1)::float8`,
      {
        kind: 'PrefixOperation',
        operator: '|/',
        operand: constant(-1, 'float8'),
        type: scalar('float8'),
      },
    ],
  ],
  decimals: [
    [`1.50 + 2.5`, binary(numeric('1.50'), '+', numeric('2.5'), 'numeric')],
    [`1.50 * 2`, binary(numeric('1.50'), '*', cast(int(2), 'numeric'), 'numeric')],
    [
      `99999999.99::numeric(10,2) * 99999999.99::numeric(10,2)`,
      binary(
        constant('99999999.99', scalar('numeric', { precision: 10, scale: 2 })),
        '*',
        constant('99999999.99', scalar('numeric', { precision: 10, scale: 2 })),
        'numeric',
      ),
    ],
    [
      `999999999999999999::numeric(18,0) + 1`,
      binary(
        constant('999999999999999999', scalar('numeric', { precision: 18, scale: 0 })),
        '+',
        numeric('1'),
        'numeric',
      ),
    ],
    [`2.5::numeric::int`, cast(numeric('2.5'), 'int4')],
    [
      `-2.5::float8::int`,
      {
        kind: 'PrefixOperation',
        operator: '-',
        operand: cast(constant(2.5, 'float8'), 'int4'),
        type: scalar('int4'),
      },
    ],
    [`7.5 % 2`, binary(numeric('7.5'), '%', numeric('2'), 'numeric')],
    [`-7.5 % 2`, binary(numeric('-7.5'), '%', numeric('2'), 'numeric')],
    [`7.5 % 0`, binary(numeric('7.5'), '%', numeric('0'), 'numeric')],
    [`7.5 / 0`, binary(numeric('7.5'), '/', numeric('0'), 'numeric')],
  ],
}

describe.each(Object.entries(rows))('%s', (_, table) => {
  test.each(table.map(([postgres, tree]) => ({ postgres, tree })))(
    '$postgres is what PostgreSQL says',
    async ({ postgres, tree }) => {
      const answers = await askBoth(judges, postgres, tree)
      expect(answers.engine).toEqual(answers.postgres)
    },
  )
})
