import { expect, test } from '@jest/globals'
import { parseCommandLine } from '../../../server/pgwire/command-line.ts'

test.each([
  ['', []],
  ['   ', []],
  ['-c a=b', [['a', 'b']]],
  ['-ca=b', [['a', 'b']]],
  ['--a=b', [['a', 'b']]],
  [
    '  -c  a=b\t--C=d \n-ce=f ',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  ],
  ['-c search_path=one,two', [['search_path', 'one,two']]],
  ['-c DateStyle=ISO,\\ MDY', [['datestyle', 'ISO, MDY']]],
  ['-c a=b\\\\c', [['a', 'b\\c']]],
  ['-c a=x=y', [['a', 'x=y']]],
  ['-c a=', [['a', '']]],
  ['--statement-timeout=5s', [['statement_timeout', '5s']]],
  [
    '-c a=b -c a=c',
    [
      ['a', 'b'],
      ['a', 'c'],
    ],
  ],
  ['-c a=b\\', [['a', 'b']]],
])('options %j hold %j', (options, settings) => {
  expect(parseCommandLine(options)).toEqual(settings)
})

test.each([
  ['-c', '-c  requires a value'],
  ['-c a', '-c a requires a value'],
  ['--a', '--a requires a value'],
  ['-c =b', '-c =b requires a value'],
  ['-d 5', 'invalid command-line argument for server process: -d'],
  ['a=b', 'invalid command-line argument for server process: a=b'],
])('options %j are refused', (options, message) => {
  expect(() => parseCommandLine(options)).toThrow(
    expect.objectContaining({ sqlState: '42601', severity: 'FATAL', message }),
  )
})
