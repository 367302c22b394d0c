import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decodeUtf8 } from '../../../../server/pgwire/messages/utf8.ts'

describe('decodeUtf8', () => {
  test('reads what is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'))
        expect(decodeUtf8(Buffer.from(text))).toBe(text)
      }),
    )
  })

  test.each([
    ['a lone continuation byte', [0x61, 0x80], '0x80'],
    ['a sequence cut short at the end', [0xc3], '0xc3'],
    ['a sequence broken off', [0x61, 0xc3, 0x28, 0x62], '0xc3 0x28'],
    ['an overlong slash', [0xc0, 0xaf], '0xc0 0xaf'],
    ['an overlong zero byte', [0xc0, 0x80], '0xc0 0x80'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '0xed 0xa0 0x80'],
    ['a character beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80, 0x61], '0xf4 0x90 0x80 0x80'],
    ['a byte that begins nothing', [0xff, 0x61], '0xff'],
    ['a zero byte', [0x61, 0x00, 0x62], '0x00'],
    ['a fault behind a real replacement character', [0xef, 0xbf, 0xbd, 0xfe], '0xfe'],
    ['a fault behind good characters', [0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xfe], '0xfe'],
  ])('refuses %s', (_what, bytes, shown) => {
    expect(() => decodeUtf8(Buffer.from(bytes))).toThrow(
      expect.objectContaining({
        sqlState: '22021',
        message: `invalid byte sequence for encoding "UTF8": ${shown}`,
      }),
    )
  })

  test('names the first bad byte, wherever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        fc.pre(!a.includes('\0'))
        const bytes = Buffer.concat([Buffer.from(a), Buffer.of(0xfe), Buffer.from(b)])
        expect(() => decodeUtf8(bytes)).toThrow(/: 0xfe/)
      }),
    )
  })
})
