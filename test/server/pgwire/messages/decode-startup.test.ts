import { describe, expect, test } from '@jest/globals'
import {
  decodeStartupPacket,
  type StartupPacket,
} from '../../../../server/pgwire/messages/decode-startup.ts'
import { decodePasswordMessage } from '../../../../server/pgwire/messages/password-message.ts'
import { MessageReader } from '../../../../server/pgwire/messages/message-reader.ts'
import { encodeStartup } from '../encode-frontend.ts'

describe('start-up packets', () => {
  const packets: readonly StartupPacket[] = [
    { kind: 'SSLRequest' },
    { kind: 'GSSENCRequest' },
    { kind: 'CancelRequest', processId: 7, secretKey: -2 },
    { kind: 'StartupMessage', major: 3, minor: 0, settings: [['user', 'bob']] },
    {
      kind: 'StartupMessage',
      major: 3,
      minor: 2,
      settings: [
        ['a', ''],
        ['ü', 'é'],
      ],
    },
    { kind: 'StartupMessage', major: 3, minor: 0, settings: [] },
  ]
  test.each(packets.map((packet) => [packet.kind, packet] as const))(
    '%s is read as it was written',
    (_kind, packet) => {
      expect(decodeStartupPacket(encodeStartup(packet).subarray(4))).toEqual(packet)
    },
  )

  test('the layout of other major versions is nobody knows what, and is not read', () => {
    const packet = Buffer.from([0, 2, 0, 0, 1, 2, 3])
    expect(decodeStartupPacket(packet)).toEqual({
      kind: 'StartupMessage',
      major: 2,
      minor: 0,
      settings: [],
    })
  })

  const v3 = [0, 3, 0, 0] as const
  const layout = 'invalid startup packet layout: expected terminator as last byte'
  const left = 'insufficient data left in message'
  const over = 'invalid message format'
  test.each([
    ['no code', [0, 3, 0], '08P01', left],
    ['no terminator', [...v3], '08P01', layout],
    ['a name without a value', [...v3, 97, 0], '08P01', layout],
    ['an open name', [...v3, 97], '08P01', 'invalid string in message'],
    ['an open value', [...v3, 97, 0, 98], '08P01', 'invalid string in message'],
    ['no terminator behind a pair', [...v3, 97, 0, 98, 0], '08P01', layout],
    ['bytes behind the terminator', [...v3, 97, 0, 98, 0, 0, 1], '08P01', layout],
    [
      'bad UTF-8',
      [...v3, 0xff, 0, 98, 0, 0],
      '22021',
      'invalid byte sequence for encoding "UTF8": 0xff',
    ],
    ['CancelRequest without a key', [4, 210, 22, 46, 0, 0, 0, 1], '08P01', left],
    ['CancelRequest with a longer key', [4, 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 1, 0], '08P01', over],
    ['SSLRequest with a body', [4, 210, 22, 47, 0], '08P01', over],
    ['GSSENCRequest with a body', [4, 210, 22, 48, 0], '08P01', over],
  ] as const)('refused: %s', (_what, bytes, sqlState, message) => {
    expect(() => decodeStartupPacket(Buffer.from(bytes))).toThrow(
      expect.objectContaining({ sqlState, message }),
    )
  })
})

describe('PasswordMessage', () => {
  test('is the password, which may be empty', () => {
    expect(read('quest\0')).toEqual({ kind: 'PasswordMessage', password: 'quest' })
    expect(read('\0')).toEqual({ kind: 'PasswordMessage', password: '' })
  })

  test.each([
    ['quest', '08P01'],
    ['quest\0x', '08P01'],
    ['\xff\0', '22021'],
  ])('refuses %j', (text, sqlState) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ sqlState }))
  })
})

function read(text: string): unknown {
  return decodePasswordMessage(new MessageReader(Buffer.from(text, 'latin1')))
}
