import { describe, expect, test } from '@jest/globals'
import { SqlError } from '../../../../errors/sql-error.ts'
import {
  decode,
  FrontendType,
  type FrontendMessage,
} from '../../../../server/pgwire/messages/decode.ts'
import { encodeFrontend } from '../encode-frontend.ts'

type Kind = keyof typeof FrontendType

/** A body from pieces: text as it is, numbers by width. */
function body(...pieces: readonly (string | readonly number[] | Buffer)[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece))),
  )
}

const one = [0, 1] as const
const none = [0, 0] as const

describe('what each decoder reads', () => {
  const messages: readonly FrontendMessage[] = [
    { kind: 'Query', text: 'select 1' },
    { kind: 'Query', text: '' },
    { kind: 'Query', text: "select 'é😀'" },
    { kind: 'Parse', name: '', text: 'select $1', parameterTypes: [] },
    { kind: 'Parse', name: 'a', text: 'select $1, $2', parameterTypes: [23, 4294967295] },
    {
      kind: 'Bind',
      portal: 'p',
      statement: 's',
      parameterFormats: ['text', 'binary'],
      parameters: [Buffer.from('1'), null],
      resultFormats: ['binary'],
    },
    {
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: ['binary'],
      parameters: [Buffer.from(''), Buffer.from([0, 255]), null],
      resultFormats: [],
    },
    { kind: 'Describe', target: { kind: 'Statement', name: 's' } },
    { kind: 'Describe', target: { kind: 'Portal', name: '' } },
    { kind: 'Close', target: { kind: 'Statement', name: '' } },
    { kind: 'Close', target: { kind: 'Portal', name: 'p' } },
    { kind: 'Execute', portal: 'p', rowsMax: 0 },
    { kind: 'Execute', portal: '', rowsMax: -1 },
    { kind: 'Execute', portal: '', rowsMax: 2147483647 },
    { kind: 'FunctionCall', functionOid: 954 },
    { kind: 'CopyData', data: Buffer.from('1\t2\n') },
    { kind: 'CopyFail', reason: 'no more' },
    { kind: 'CopyDone' },
    { kind: 'Flush' },
    { kind: 'Sync' },
    { kind: 'Terminate' },
  ]
  test.each(messages.map((message) => [message.kind, message] as const))(
    '%s is read as it was written',
    (kind, message) => {
      const bytes = encodeFrontend(message)
      expect(bytes[0]).toBe(FrontendType[kind])
      expect(decode(FrontendType[kind], bytes.subarray(5))).toEqual(message)
    },
  )

  test('counts are read without sign, up to 65,535 parameters', () => {
    const parameters = Array.from({ length: 65_535 }, () => null)
    const bind = encodeFrontend({
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters,
      resultFormats: [],
    })
    expect(decode(FrontendType.Bind, bind.subarray(5))).toMatchObject({ parameters })
  })
})

describe('what each decoder refuses', () => {
  const left = 'insufficient data left in message'
  const over = 'invalid message format'
  const open = 'invalid string in message'
  const utf8 = 'invalid byte sequence for encoding "UTF8": 0xff'
  const refusals: readonly (readonly [Kind, string, Buffer, string, string])[] = [
    ['Query', 'no terminator', body('select 1'), '08P01', open],
    ['Query', 'nothing at all', body(), '08P01', open],
    ['Query', 'bytes behind the text', body('select 1\0', 'x'), '08P01', over],
    ['Query', 'a second string', body('a\0b\0'), '08P01', over],
    ['Query', 'bad UTF-8', body('select ', [0xff], '\0'), '22021', utf8],
    ['Parse', 'no name', body(), '08P01', open],
    ['Parse', 'no text', body('name\0'), '08P01', open],
    ['Parse', 'no count', body('\0', 'select\0'), '08P01', left],
    ['Parse', 'half a count', body('\0', 'select\0', [0]), '08P01', left],
    ['Parse', 'more types announced than sent', body('\0', 'a\0', one), '08P01', left],
    ['Parse', 'half a type', body('\0', 'a\0', one, [0, 0, 0]), '08P01', left],
    ['Parse', 'types left over', body('\0', 'a\0', one, [0, 0, 0, 23, 0]), '08P01', over],
    ['Parse', 'a count of 65,535 without types', body('\0', 'a\0', [255, 255]), '08P01', left],
    ['Parse', 'bad UTF-8 in the name', body([0xff], '\0', 'a\0', none), '22021', utf8],
    ['Parse', 'bad UTF-8 in the text', body('\0', [0xff], '\0', none), '22021', utf8],
    ['Bind', 'no portal', body(), '08P01', open],
    ['Bind', 'no statement', body('\0'), '08P01', open],
    ['Bind', 'no format count', body('\0\0'), '08P01', left],
    ['Bind', 'formats missing', body('\0\0', [0, 2], none), '08P01', left],
    [
      'Bind',
      'an unknown format',
      body('\0\0', one, [0, 2], none, none),
      '22023',
      'unsupported format code: 2',
    ],
    [
      'Bind',
      'a negative format',
      body('\0\0', one, [255, 255], none, none),
      '22023',
      'unsupported format code: -1',
    ],
    ['Bind', 'no parameter count', body('\0\0', none), '08P01', left],
    ['Bind', 'parameters missing', body('\0\0', none, one), '08P01', left],
    ['Bind', 'a parameter cut short', body('\0\0', none, one, [0, 0, 0, 9], 'x'), '08P01', left],
    [
      'Bind',
      'a length below -1',
      body('\0\0', none, one, [255, 255, 255, 254], none),
      '08P01',
      left,
    ],
    ['Bind', 'no result format count', body('\0\0', none, none), '08P01', left],
    ['Bind', 'result formats missing', body('\0\0', none, none, one), '08P01', left],
    [
      'Bind',
      'an unknown result format',
      body('\0\0', none, none, one, [0, 7]),
      '22023',
      'unsupported format code: 7',
    ],
    ['Bind', 'bytes left over', body('\0\0', none, none, none, 'x'), '08P01', over],
    ['Bind', 'bad UTF-8 in the portal', body([0xff], '\0\0', none, none, none), '22021', utf8],
    [
      'Bind',
      'formats for another number of parameters',
      body('\0\0', [0, 2], none, none, one, [255, 255, 255, 255], none),
      '08P01',
      'bind message has 2 parameter formats but 1 parameters',
    ],
    ['Describe', 'nothing at all', body(), '08P01', left],
    ['Describe', 'an open name', body('Sname'), '08P01', open],
    ['Describe', 'another subtype', body('X\0'), '08P01', 'invalid DESCRIBE message subtype 88'],
    ['Describe', 'bytes left over', body('S\0x'), '08P01', over],
    ['Close', 'nothing at all', body(), '08P01', left],
    ['Close', 'another subtype', body('s\0'), '08P01', 'invalid CLOSE message subtype 115'],
    ['Close', 'bytes left over', body('P\0\0'), '08P01', over],
    ['Execute', 'no portal', body(), '08P01', open],
    ['Execute', 'no limit', body('\0', [0, 0, 0]), '08P01', left],
    ['Execute', 'bytes left over', body('\0', [0, 0, 0, 1, 1]), '08P01', over],
    ['FunctionCall', 'no function', body([0, 0, 1]), '08P01', left],
    ['CopyFail', 'an open reason', body('why'), '08P01', open],
    ['CopyFail', 'bytes left over', body('why\0?'), '08P01', over],
    ['CopyDone', 'a body', body('x'), '08P01', over],
    ['Flush', 'a body', body('x'), '08P01', over],
    ['Sync', 'a body', body('x'), '08P01', over],
    ['Terminate', 'a body', body('x'), '08P01', over],
  ]
  test.each(refusals)('%s: %s', (kind, _what, bytes, sqlState, message) => {
    expect(() => decode(FrontendType[kind], bytes)).toThrow(
      expect.objectContaining({ sqlState, message, severity: 'ERROR' }),
    )
  })

  test('a type that no client message has ends the connection', () => {
    expect(() => decode(0x7a, body())).toThrow(
      expect.objectContaining({
        sqlState: '08P01',
        severity: 'FATAL',
        message: 'invalid frontend message type 122',
      }),
    )
    expect(() => decode(FrontendType.PasswordMessage, body('\0'))).toThrow(SqlError)
  })
})
