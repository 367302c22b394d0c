import { beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { loadModule, scanSync } from 'libpg-query'
import { tokenize } from '../../parser/lexer.ts'
import type { Token } from '../../parser/token.ts'
import corpus from '../corpus/client-queries.json' with { type: 'json' }
import { sqlErrorOf } from './sql-error-of.ts'

beforeAll(async () => loadModule())

/** Kind and value of each token but the last. */
function shown(source: string): readonly (readonly [string, string])[] {
  return tokenize(source)
    .slice(0, -1)
    .map((token) => [token.kind, valueOf(source, token)])
}

function valueOf(source: string, token: Token): string {
  return 'value' in token ? token.value : source.slice(token.start, token.end)
}

describe('tokens', () => {
  test.each<readonly [string, string, readonly (readonly [string, string])[]]>([
    ['words keep their case', 'Select Ünï$1 _x', words('Select', 'Ünï$1', '_x')],
    ['comments nest', 'a /* b /* c */ d */ e -- f\ng', words('a', 'e', 'g')],
    ['quotes double in strings', "'it''s'", [['String', "it's"]]],
    ['quotes double in names', '"a""b"', [['QuotedName', 'a"b']]],
    ['a string goes on over a line break', "'a' \n -- c\n 'b'", [['String', 'ab']]],
    ['a string does not go on in its line', "'a' 'b'", strings('a', 'b')],
    ['backslashes are themselves', "'a\\n'", [['String', 'a\\n']]],
    ["but not in E''", "e'a\\n\\x41\\101\\u00e9\\U0001F600\\'z'", [['String', "a\nAAé😀'z"]]],
    ["E'' goes on too", "E'\\x41'\n'\\x42'", [['String', 'AB']]],
    ['bytes make characters', "E'\\xc3\\xa9'", [['String', 'é']]],
    ['surrogates pair up', "E'\\ud83d\\ude00'", [['String', '😀']]],
    ['unicode strings', "U&'d\\0061t\\+000061'", [['String', 'data']]],
    ['unicode names', 'u&"d!0061t" uescape \'!\' x', [['QuotedName', 'dat'], ...words('x')]],
    ['a doubled escape', "U&'a\\\\b'", [['String', 'a\\b']]],
    ['dollar quotes', "$$it's$$ $a$ $b$ $a$", strings("it's", ' $b$ ')],
    ['national strings', "n'a'", [['String', 'a']]],
    [
      'bit strings',
      "b'01' X'1F'",
      [
        ['BitString', "b'01'"],
        ['BitString', "X'1F'"],
      ],
    ],
    ['parameters', '$12', [['Parameter', '$12']]],
    [
      'numbers',
      '1 1.5 .5 1. 1e5 1.5E-3 1_000',
      numbers('1', '1.5', '.5', '1.', '1e5', '1.5E-3', '1_000'),
    ],
    ['numbers to other bases', '0x1F 0o17 0B10', numbers('0x1F', '0o17', '0B10')],
    [
      'ranges are no decimals',
      '1..2',
      [
        ['Number', '1'],
        ['Operator', '..'],
        ['Number', '2'],
      ],
    ],
    ['a number and its unit', '30d', [['NumberUnit', '30d']]],
    [
      'operators end before a comment',
      'a <=--b\n',
      [
        ['Word', 'a'],
        ['Operator', '<='],
      ],
    ],
    [
      'a sign is an operator of its own',
      'a=-1',
      [
        ['Word', 'a'],
        ['Operator', '='],
        ['Operator', '-'],
        ['Number', '1'],
      ],
    ],
    ['unless the operator is exotic', '@-', [['Operator', '@-']]],
    [
      'characters that begin nothing',
      '\\ {',
      [
        ['Other', '\\'],
        ['Other', '{'],
      ],
    ],
    [
      'casts and assignments',
      'a::b:=c',
      [
        ['Word', 'a'],
        ['Operator', '::'],
        ['Word', 'b'],
        ['Operator', ':='],
        ['Word', 'c'],
      ],
    ],
    ['white space of Unicode is part of a word', 'a\u00a0b', words('a\u00a0b')],
  ])('%s', (_name, source, expected) => {
    expect(shown(source)).toEqual(expected)
  })

  test('know where they stand, in UTF-16 units', () => {
    expect(tokenize("😀 'é'").map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [3, 6],
      [6, 6],
    ])
  })
})

function words(...texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => ['Word', text])
}

function strings(...texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => ['String', text])
}

function numbers(...texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => ['Number', text])
}

describe('texts that are no tokens', () => {
  test.each([
    ["SELECT 'abc", `unterminated quoted string at or near "'abc"`, 7],
    ["SELECT E'abc\\'", `unterminated quoted string at or near "E'abc\\'"`, 7],
    ['SELECT "abc', 'unterminated quoted identifier at or near ""abc"', 7],
    ['SELECT $x$abc', 'unterminated dollar-quoted string at or near "$x$abc"', 7],
    ["SELECT b'01", `unterminated bit string literal at or near "b'01"`, 7],
    ["SELECT x'01", `unterminated hexadecimal string literal at or near "x'01"`, 7],
    ['SELECT /* /* */', 'unterminated /* comment at or near "/* /* */"', 7],
    ["E'\\u12'", 'invalid Unicode escape', 0],
    ["E'\\ud83d'", 'invalid Unicode surrogate pair', 0],
    ["E'\\u0000'", 'invalid Unicode escape value', 0],
    ["U&'\\12'", 'invalid Unicode escape', 0],
    ["U&'\\dc00'", 'invalid Unicode surrogate pair', 0],
    ["U&'a' UESCAPE 'ab'", 'invalid Unicode escape character', 14],
    ["U&'a' UESCAPE b", 'UESCAPE must be followed by a simple string literal', 14],
  ])('%s', (source, message, offset) => {
    expect(sqlErrorOf(() => tokenize(source))).toMatchObject({ sqlState: '42601', message, offset })
  })

  test.each(["E'\\xff'", "E'\\000'"])('%s is not UTF-8', (source) => {
    expect(sqlErrorOf(() => tokenize(source)).sqlState).toBe('22021')
  })
})

describe('PostgreSQL cuts the same', () => {
  const texts = [...new Set(corpus.map(({ sql }) => sql))]

  test('in all that clients sent', () => {
    const differing = texts.filter((source) => {
      const theirs = placesOfPostgres(source)
      return theirs !== undefined && JSON.stringify(places(source)) !== JSON.stringify(theirs)
    })
    expect(differing).toEqual([])
  })

  test('in texts put together from pieces', () => {
    const piece = fc.constantFrom(...pieces, "'a'\n'b'", '\t', '\f', '\n')
    const space = fc.constantFrom('', ' ', '\n')
    const text = fc.array(fc.tuple(piece, space), { maxLength: 8 })
    fc.assert(
      fc.property(text, (parts) => {
        const source = parts.flat().join('')
        const theirs = placesOfPostgres(source)
        if (theirs !== undefined) expect(places(source)).toEqual(theirs)
      }),
      { numRuns: 300 },
    )
  })
})

/** Pieces of tokens; N'' is two tokens to libpg-query, and it keeps comments, so that none may join strings. */
const pieces =
  `SELECT é 1 1.5 .5 1. 1e5 0x1F 0b12 1_000 1__0 "a" "a""b" 'a' E'a' E'\\\\' E'\\'' U&'a' U&"a"
  B'1' X'F' $1 $ $$a$$ $a$ $a$b$a$ + - * / < > = ~ ! @ # % ^ & | \` ? <= >= <> != => := :: : . .. , ;
  ( ) [ ] { } \\ a$1 1..2 1.e5 /*x*/ ~- +- *-- +/* */`.split(/[ \n]+/)

/** Places of tokens by libpg-query, in UTF-16 units; undefined if it cannot cut the text. */
function placesOfPostgres(source: string): readonly (readonly [number, number])[] | undefined {
  const bytes = Buffer.from(source, 'utf8')
  const toUnits = (offset: number): number => bytes.subarray(0, offset).toString('utf8').length
  let scanned
  try {
    scanned = scanSync(source)
  } catch {
    return undefined
  }
  return scanned.tokens
    .filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
    .map(({ start, end }) => [toUnits(start), toUnits(end)])
}

function places(source: string): readonly (readonly [number, number])[] | undefined {
  try {
    return tokenize(source)
      .slice(0, -1)
      .map(({ start, end }) => [start, end])
  } catch {
    return undefined
  }
}
