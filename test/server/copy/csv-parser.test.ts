import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { CsvParser, recordLengthMax } from '../../../server/copy/csv-parser.ts'
import type { CsvRecord } from '../../../server/copy/csv-parser.ts'

/** The records of a text that comes in pieces. */
function parsed(pieces: readonly string[], delimiter = ','): readonly CsvRecord[] {
  const parser = new CsvParser(delimiter)
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()]
}

describe('CSV', () => {
  test.each<[string, readonly (readonly (string | null)[])[]]>([
    ['', []],
    ['a', [['a']]],
    ['a\n', [['a']]],
    [
      'a,b\r\nc,d\re,f\n',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [',', [[null, null]]],
    ['"",', [['', null]]],
    ['\n\na\n\n', [['a']]],
    ['"a ""b"", c\nd",e', [['a "b", c\nd', 'e']]],
    [' a , b ', [[' a ', ' b ']]],
  ])('%j', (text, expected) => {
    expect(parsed([text]).map(({ cells }) => cells)).toEqual(expected)
  })

  test('tells the line where a record begins', () => {
    const lines = parsed(['a\r\n"x\r\ny"\n\nb']).map(({ line }) => line)
    expect(lines).toEqual([1, 2, 5])
  })

  test.each(['a"b', '"a"b', '"a" '])('%j is malformed', (text) => {
    expect(parsed([text, '\nb'])).toMatchObject([{ isMalformed: true }, { isMalformed: false }])
  })

  test('another delimiter', () => {
    expect(parsed(['a;b,c'], ';')).toMatchObject([{ cells: ['a', 'b,c'] }])
  })

  test('a quote that does not end is an error', () => {
    expect(() => parsed(['a\n"b\nc'])).toThrow(
      expect.objectContaining({ sqlState: '22P04', message: 'line 2: unterminated quoted cell' }),
    )
  })

  test.each(['x', '"', ','])(
    'a record of %j without an end is an error before it is all read',
    (part) => {
      const parser = new CsvParser(',')
      const piece = part.repeat(recordLengthMax / 4)
      expect(() => {
        for (let count = 0; count < 5; count += 1) parser.push(piece)
      }).toThrow(expect.objectContaining({ sqlState: '54000' }))
    },
  )

  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '😀') })

  test('what is written with quotes is read, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (records, size) => {
          const text = records
            .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
            .join('\r\n')
          const characters = Array.from(text)
          const pieces = Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
            characters.slice(index * size, (index + 1) * size).join(''),
          )
          const read = parsed(pieces)
          expect(read.map(({ cells }) => cells)).toEqual(records)
          expect(read.every(({ isMalformed }) => !isMalformed)).toBe(true)
        },
      ),
    )
  })
})
