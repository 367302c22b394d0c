import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SqlError } from '../../../../errors/sql-error.ts'
import { decodeParameter } from '../../../../server/pgwire/values/decode-value.ts'
import { encodeBinary } from '../../../../store/encode-value.ts'
import type { ScalarTypeName, SqlType, SqlValue } from '../../../../store/sql-type.ts'

function scalar(name: ScalarTypeName): SqlType & { readonly kind: 'Scalar' } {
  return { kind: 'Scalar', name }
}

function array(name: ScalarTypeName): SqlType {
  return { kind: 'Array', element: scalar(name) }
}

function fromHex(hex: string, type: SqlType): SqlValue {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  return decodeParameter(bytes, type, 'binary', { timeZone: 'UTC', number: 1 })
}

describe('binary', () => {
  const utf8 = Buffer.from('é😀').toString('hex')
  const values: readonly (readonly [ScalarTypeName, string, SqlValue])[] = [
    ['bool', '00', false],
    ['bool', '01', true],
    ['int2', 'ffff', -1],
    ['int4', '80000000', -2147483648],
    ['int8', '7fffffffffffffff', 9223372036854775807n],
    ['oid', 'ffffffff', 4294967295],
    ['float4', '3fc00000', 1.5],
    ['float8', '3ff8000000000000', 1.5],
    ['float8', '7ff8000000000000', NaN],
    ['float8', 'fff0000000000000', -Infinity],
    ['text', '', ''],
    ['text', utf8, 'é😀'],
    ['varchar', utf8, 'é😀'],
    ['bpchar', '6120', 'a '],
    ['name', '61', 'a'],
    ['bytea', '00ff', Buffer.from([0, 255])],
    ['bytea', '', Buffer.from([])],
    ['json', Buffer.from('{"a": 1}').toString('hex'), '{"a": 1}'],
    ['json', `01${Buffer.from('{"a": 1}').toString('hex')}`, '{"a": 1}'],
    ['date', '00000000', 10957],
    ['date', 'ffffd533', 0],
    ['date', '7fffffff', Infinity],
    ['date', '80000000', -Infinity],
    ['time', '0000000000000000', 0n],
    ['time', '000000141dd76000', 86_400_000_000n],
    ['timestamp', '0000000000000000', 946_684_800_000_000n],
    ['timestamptz', 'fffca2fec4c82000', 0n],
    ['timestamp', '7fffffffffffffff', Infinity],
    ['timestamptz', '8000000000000000', -Infinity],
    [
      'interval',
      '0000000000000001 00000002 ffffffff',
      { kind: 'Interval', months: -1, days: 2, micros: 1n },
    ],
    ['uuid', '00112233445566778899aabbccddeeff', '00112233-4455-6677-8899-aabbccddeeff'],
    ['numeric', '0000 0000 0000 0000', '0'],
    ['numeric', '0000 0000 0000 0002', '0.00'],
    ['numeric', '0001 0000 4000 0000 0001', '-1'],
    ['numeric', '0001 0000 4000 0000 0000', '0'],
    ['numeric', '0002 0001 0000 0000 0001 0000', '10000'],
    ['numeric', '0001 0002 0000 0000 0007', '700000000'],
    ['numeric', '0002 0000 0000 0004 000c 0d80', '12.3456'],
    ['numeric', '0002 0000 0000 0002 000c 0d80', '12.34'],
    ['numeric', '0001 ffff 0000 0001 03e8', '0.1'],
    ['numeric', '0001 fffe 0000 0008 0001', '0.00000001'],
    ['numeric', '0001 fffe 0000 0006 0001', '0.000000'],
    ['numeric', '0000 0000 c000 0000', 'NaN'],
  ]
  test.each(values)('%s %s', (name, hex, value) => {
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
  const left = 'insufficient data left in message'
  const over = 'incorrect binary data format in bind parameter 1'
  const refused: readonly (readonly [string, SqlType, string, string, string])[] = [
    ['bool of nothing', scalar('bool'), '', '08P01', left],
    ['bool of two bytes', scalar('bool'), '0000', '22P03', over],
    ['int2 of one byte', scalar('int2'), '00', '08P01', left],
    ['int2 of three bytes', scalar('int2'), '000000', '22P03', over],
    ['int4 of three bytes', scalar('int4'), '000000', '08P01', left],
    ['int4 of eight bytes', scalar('int4'), '0000000000000001', '22P03', over],
    ['int8 of four bytes', scalar('int8'), '00000001', '08P01', left],
    ['int8 of nine bytes', scalar('int8'), '000000000000000000', '22P03', over],
    ['oid of five bytes', scalar('oid'), '0000000000', '22P03', over],
    ['float4 of three bytes', scalar('float4'), '000000', '08P01', left],
    ['float8 of four bytes', scalar('float8'), '00000000', '08P01', left],
    ['float8 of nine bytes', scalar('float8'), '000000000000000000', '22P03', over],
    [
      'text of bad UTF-8',
      scalar('text'),
      'ff',
      '22021',
      'invalid byte sequence for encoding "UTF8": 0xff',
    ],
    [
      'text with a zero byte',
      scalar('text'),
      '6100',
      '22021',
      'invalid byte sequence for encoding "UTF8": 0x00',
    ],
    [
      'json of bad UTF-8',
      scalar('json'),
      '22ff22',
      '22021',
      'invalid byte sequence for encoding "UTF8": 0xff',
    ],
    ['json that is none', scalar('json'), '7b', '22P02', 'invalid input syntax for type json'],
    ['date of three bytes', scalar('date'), '000000', '08P01', left],
    ['date before 4714 BC', scalar('date'), 'ffda9786', '22008', 'date out of range'],
    ['date after 5874897', scalar('date'), '7fda979d', '22008', 'date out of range'],
    ['time below zero', scalar('time'), 'ffffffffffffffff', '22008', 'time out of range'],
    ['time beyond 24:00', scalar('time'), '000000141dd76001', '22008', 'time out of range'],
    ['timestamp of four bytes', scalar('timestamp'), '00000000', '08P01', left],
    [
      'timestamp before 4714 BC',
      scalar('timestamp'),
      'fd0f7a5c8b6e7fff',
      '22008',
      'timestamp out of range',
    ],
    [
      'timestamp that the engine cannot hold',
      scalar('timestamptz'),
      '7fffffffffff0000',
      '22008',
      'timestamp out of range',
    ],
    ['interval of twelve bytes', scalar('interval'), '0000000000000000 00000000', '08P01', left],
    ['interval of twenty bytes', scalar('interval'), '00'.repeat(20), '22P03', over],
    ['uuid of fifteen bytes', scalar('uuid'), '00'.repeat(15), '08P01', left],
    ['uuid of seventeen bytes', scalar('uuid'), '00'.repeat(17), '22P03', over],
    ['numeric of nothing', scalar('numeric'), '', '08P01', left],
    ['numeric without its digits', scalar('numeric'), '0002 0000 0000 0000 0001', '08P01', left],
    ['numeric with more digits', scalar('numeric'), '0000 0000 0000 0000 0001', '22P03', over],
    [
      'numeric with a sign of its own',
      scalar('numeric'),
      '0000 0000 1000 0000',
      '22P03',
      'invalid sign in external "numeric" value',
    ],
    [
      'numeric with a scale too large',
      scalar('numeric'),
      '0000 0000 0000 4000',
      '22P03',
      'invalid scale in external "numeric" value',
    ],
    [
      'numeric with a digit too large',
      scalar('numeric'),
      '0001 0000 0000 0000 2710',
      '22P03',
      'invalid digit in external "numeric" value',
    ],
    [
      'numeric with a negative digit',
      scalar('numeric'),
      '0001 0000 0000 0000 ffff',
      '22P03',
      'invalid digit in external "numeric" value',
    ],
    [
      'numeric infinity',
      scalar('numeric'),
      '0000 0000 d000 0000',
      '22003',
      'infinite values of type numeric are not supported',
    ],
    [
      'numeric minus infinity',
      scalar('numeric'),
      '0000 0000 f000 0000',
      '22003',
      'infinite values of type numeric are not supported',
    ],
    ['array of nothing', array('int4'), '', '08P01', left],
    [
      'array of seven dimensions',
      array('int4'),
      '00000007 00000000 00000017',
      '54000',
      'number of array dimensions (7) exceeds the maximum allowed (6)',
    ],
    [
      'array of minus one dimension',
      array('int4'),
      'ffffffff 00000000 00000017',
      '22P03',
      'invalid number of dimensions: -1',
    ],
    [
      'array with other flags',
      array('int4'),
      '00000000 00000002 00000017',
      '22P03',
      'invalid array flags',
    ],
    [
      'array of another type',
      array('int4'),
      '00000000 00000000 00000019',
      '42804',
      'binary data has array element type 25 instead of expected 23',
    ],
    [
      'array from another lower bound',
      array('int4'),
      '00000001 00000000 00000017 00000001 00000000 00000004 00000001',
      '0A000',
      'arrays with the lower bound 0 are not supported',
    ],
    [
      'array of a negative size',
      array('int4'),
      '00000001 00000000 00000017 ffffffff 00000001',
      '22P03',
      left,
    ],
    [
      'array that promises too much',
      array('int4'),
      '00000001 00000000 00000017 7fffffff 00000001',
      '22P03',
      left,
    ],
    [
      'array that promises too much by product',
      array('int4'),
      '00000003 00000000 00000017 7fffffff 00000001 7fffffff 00000001 7fffffff 00000001',
      '22P03',
      left,
    ],
    [
      'array with an element cut short',
      array('int4'),
      '00000001 00000000 00000017 00000001 00000001 00000004 0000',
      '22P03',
      left,
    ],
    [
      'array with an element below NULL',
      array('int4'),
      '00000001 00000000 00000017 00000001 00000001 fffffffe',
      '22P03',
      left,
    ],
    [
      'array with an element too long',
      array('int4'),
      '00000001 00000000 00000017 00000001 00000001 00000005 0000000001',
      '22P03',
      'improper binary format in array element 1',
    ],
    ['array with bytes left over', array('int4'), '00000000 00000000 00000017 00', '22P03', over],
    [
      'record',
      { kind: 'Record', fields: [] },
      '00000000',
      '0A000',
      'input of anonymous composite types is not implemented',
    ],
  ]
  test.each(refused)('%s', (_what, type, hex, sqlState, message) => {
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
