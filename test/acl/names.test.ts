import { describe, expect, test } from '@jest/globals'
import { compareNames } from '../../acl/compare-names.ts'
import {
  displayRelation,
  firstEpoch,
  foldName,
  nextEpoch,
  relationKey,
  relationName,
} from '../../acl/names.ts'
import { quoteName } from '../../acl/quote-name.ts'

describe('folding of names (N4)', () => {
  test.each([
    ['Admin', 'ADMIN'],
    ['Émile', 'éMILE'],
    ['ΣΑΣ', 'σας'],
    ['ς', 'Σ'],
    ['ſ', 'S'],
    ['\u212a', 'k'],
    ['µ', 'Μ'],
    ['ẞ', 'ß'],
    ['Ǆ', 'ǅ'],
    ['Ꭰ', 'ꭰ'],
    ['𐐀', '𐐨'],
  ])('%s and %s are one name', (a, b) => {
    expect(foldName(a)).toBe(foldName(b))
  })

  test.each([
    ['i', 'ı'],
    ['I', 'İ'],
    ['ß', 'ss'],
    ['ﬁ', 'fi'],
    ['é', 'e\u0301'],
    ['a', 'A '],
  ])('%s and %s are two', (a, b) => {
    expect(foldName(a)).not.toBe(foldName(b))
  })

  test('is simple case folding for every letter: what a case-insensitive pattern takes for the same', () => {
    const wrong: string[] = []
    for (let code = 0x41; code < 0x1e943; code += 1) {
      if (code >= 0xd800 && code < 0xf900) continue
      const character = String.fromCodePoint(code)
      const folded = foldName(character)
      if (folded === character) continue
      if (!new RegExp(`^${folded}$`, 'iu').test(character)) wrong.push(character)
    }
    expect(wrong).toEqual([])
  })
})

describe('keys of relations', () => {
  test('are by folded schema and name, public if none is said', () => {
    expect(relationName({ name: 'Trades' })).toEqual({
      key: 'public.trades',
      schema: 'public',
      name: 'Trades',
    })
    expect(relationName({ schema: 'S', name: 'T' }).key).toBe('s.t')
  })

  test('are never shared, wherever the dots are', () => {
    const keys = [
      relationKey({ schema: 'a', name: 'b.c' }),
      relationKey({ schema: 'a.b', name: 'c' }),
      relationKey({ schema: 'a\\', name: 'b.c' }),
      relationKey({ schema: 'a\\.b', name: 'c' }),
    ]
    expect(new Set(keys).size).toBe(4)
  })

  test('are said with their schema unless it is public', () => {
    expect(displayRelation({ schema: 'public', name: 'T' })).toBe('T')
    expect(displayRelation({ schema: 'PUBLIC', name: 'T' })).toBe('T')
    expect(displayRelation({ schema: 's', name: 'T' })).toBe('s.T')
  })
})

test('names are ordered without case, then by code point (W1)', () => {
  const names = ['b', 'a', 'B', 'A', '\u{10000}', '\uffee', 'ab', 'a', 'é', 'z']
  expect(names.toSorted(compareNames)).toEqual([
    'A',
    'a',
    'a',
    'ab',
    'B',
    'b',
    'z',
    'é',
    '\uffee',
    '\u{10000}',
  ])
})

test('epochs follow each other', () => {
  expect(firstEpoch).toBe(0)
  expect(nextEpoch(nextEpoch(firstEpoch))).toBe(2)
})

test.each([
  ['trades', 'trades'],
  ['t_1', 't_1'],
  ['Trades', '"Trades"'],
  ['1t', '"1t"'],
  ['a b', '"a b"'],
  ['a"b', '"a""b"'],
  ['table', '"table"'],
  ['', '""'],
])('%s is written %s in a hint (N5)', (name, text) => {
  expect(quoteName(name)).toBe(text)
})
