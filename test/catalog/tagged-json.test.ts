import { isDeepStrictEqual } from 'node:util'
import { expect, jest, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decodeTaggedJson, encodeTaggedJson } from '../../catalog/tagged-json.ts'

jest.setTimeout(30_000)

const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(null, true, false, -0, Infinity, -Infinity, Number.NaN),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.bigInt(),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  ),
  node: fc.oneof(
    { withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('node')),
    fc.dictionary(
      fc.oneof(fc.constantFrom('$', 'value', '__proto__', 'constructor', 'kind'), fc.string()),
      tie('node'),
      { noNullPrototype: true },
    ),
  ),
})).node

test('what is encoded decodes to the same value', () => {
  fc.assert(
    fc.property(value, (original) => {
      // Jest's toStrictEqual takes an own property "constructor" for the class.
      const decoded = decodeTaggedJson(encodeTaggedJson(original))
      expect({ decoded, same: isDeepStrictEqual(decoded, original) }).toMatchObject({ same: true })
    }),
  )
})

test.each([
  ['a bigint', 9_223_372_036_854_775_808n, '{"$":"bigint","value":"9223372036854775808"}'],
  [
    'infinity',
    [Infinity, -Infinity],
    '[{"$":"number","value":"Infinity"},{"$":"number","value":"-Infinity"}]',
  ],
  ['bytes', new Uint8Array([0, 255]), '{"$":"bytes","value":"AP8="}'],
  ['a property that is undefined', { a: undefined, b: 1 }, '{"b":1}'],
  [
    'what looks like a tag',
    { $: 'bigint', value: '1' },
    '{"$":"object","value":{"$":"bigint","value":"1"}}',
  ],
])('%s is written so', (_, original, text) => {
  expect(encodeTaggedJson(original)).toBe(text)
})

test.each([() => 1, Symbol('x'), undefined])('%p cannot be stored', (original) => {
  expect(() => encodeTaggedJson([original])).toThrow('cannot be stored')
})

test.each([
  '{"$":"date","value":"1"}',
  '{"$":"bigint","value":1}',
  '{"$":"object","value":1}',
  '{',
  '',
])('%j is refused', (text) => {
  expect(() => decodeTaggedJson(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
})
