import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SqlError } from '../../../../errors/sql-error.ts'
import { decodeParameter } from '../../../../server/pgwire/values/decode-value.ts'
import { encodeBinary } from '../../../../store/encode-value.ts'
import type { ScalarTypeName, SqlType, SqlValue } from '../../../../store/sql-type.ts'
import { acceptedBinary, array, refusedBinary, scalar } from './binary-cases.ts'

function fromHex(hex: string, type: SqlType): SqlValue {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  return decodeParameter(bytes, type, 'binary', { timeZone: 'UTC', number: 1 })
}

describe('binary', () => {
  test.each(acceptedBinary)('%s %s', (name, hex, value) => {
    expect(fromHex(hex, scalar(name))).toEqual(value)
  })

  test.each([
    ['no dimensions', '00000000 00000000 00000017', []],
    ['a dimension of nothing', '00000001 00000000 00000017 00000000 00000001', []],
    [
      'with NULL',
      '00000001 00000001 00000017 00000002 00000001 00000004 00000007 ffffffff',
      [7, null],
    ],
    [
      'of two dimensions',
      '00000002 00000000 00000017 00000002 00000001 00000001 00000001' +
        '00000004 00000001 00000004 00000002',
      [[1], [2]],
    ],
  ])('an array: %s', (_what, hex, value) => {
    expect(fromHex(hex, array('int4'))).toEqual(value)
  })

  test('an array of three dimensions is nested in row-major order', () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index)
    const nested = [
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      [
        [6, 7],
        [8, 9],
        [10, 11],
      ],
    ]
    const head = '00000003 00000000 00000015 00000002 00000001 00000003 00000001 00000002 00000001'
    const elements = numbers.map((number) => `00000002 00${number.toString(16).padStart(2, '0')}`)
    expect(fromHex(head + elements.join(''), array('int2'))).toEqual(nested)
  })
})

describe('binary that is refused', () => {
  test.each(refusedBinary)('%s', (_what, type, hex, sqlState, message) => {
    expect(() => fromHex(hex, type)).toThrow(expect.objectContaining({ sqlState, message }))
  })

  test('without a number the message names none', () => {
    expect(() => decodeParameter(Buffer.alloc(2), scalar('bool'), 'binary', {})).toThrow(
      'incorrect binary data format in bind parameter',
    )
  })
})

describe('text', () => {
  test.each([
    ['int4', '7', 7],
    ['text', 'é', 'é'],
    ['bool', 't', true],
    ['timestamptz', '1970-01-01 00:00:00', -32_400_000_000n],
  ] as const)('%s %j is read as its input function reads it', (name, text, value) => {
    const options = { timeZone: 'Asia/Tokyo', number: 1 }
    expect(decodeParameter(Buffer.from(text), scalar(name), 'text', options)).toEqual(value)
  })

  test.each([
    ['int4', 'x', '22P02'],
    ['int4', '99999999999', '22003'],
    ['text', 'a\0', '22021'],
  ] as const)('%s %j is refused', (name, text, sqlState) => {
    expect(() => decodeParameter(Buffer.from(text), scalar(name), 'text', { number: 1 })).toThrow(
      expect.objectContaining({ sqlState }),
    )
  })
})

describe('properties', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const values: readonly (readonly [ScalarTypeName, fc.Arbitrary<SqlValue>])[] = [
    ['bool', fc.boolean()],
    ['int2', fc.integer({ min: -32768, max: 32767 })],
    ['int4', fc.integer()],
    ['int8', int64],
    ['oid', fc.nat({ max: 4_294_967_295 })],
    ['float4', fc.float({ noNaN: true })],
    ['float8', fc.double()],
    ['text', fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))],
    ['date', fc.integer({ min: -2_440_000, max: 2_000_000_000 })],
    ['time', fc.bigInt({ min: 0n, max: 86_400_000_000n })],
    ['timestamp', fc.bigInt({ min: -(2n ** 57n), max: 2n ** 62n })],
    ['uuid', fc.uuid()],
    [
      'numeric',
      fc
        .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.stringMatching(/^\d{1,12}$/))
        .map(([whole, fraction]) => `${whole}.${fraction}`),
    ],
    [
      'interval',
      fc.record({
        kind: fc.constant('Interval' as const),
        months: fc.integer(),
        days: fc.integer(),
        micros: int64,
      }),
    ],
  ]

  test.each(values)('%s is what the store wrote, in arrays too', (name, value) => {
    fc.assert(
      fc.property(value, fc.array(fc.option(value)), (value, list) => {
        const type = scalar(name)
        const bytes = encodeBinary(value, type)
        expect(decodeParameter(bytes, type, 'binary', { number: 1 })).toEqual(value)
        const many = encodeBinary(list, array(name))
        expect(decodeParameter(many, array(name), 'binary', { number: 1 })).toEqual(list)
      }),
    )
  })

  test('random bytes give a value or a SqlError', () => {
    const type = fc.constantFrom(
      ...[...values.map(([name]) => name), 'json' as const, 'bytea' as const].flatMap((name) => [
        scalar(name),
        array(name),
      ]),
    )
    const head = fc.constantFrom([], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1])
    fc.assert(
      fc.property(type, head, fc.uint8Array({ maxLength: 60 }), (type, head, rest) => {
        try {
          decodeParameter(Buffer.from([...head, ...rest]), type, 'binary', { number: 1 })
        } catch (error) {
          expect(error).toBeInstanceOf(SqlError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
