import { describe, expect, test } from '@jest/globals'
import type { StartupMessage } from '../../../server/pgwire/messages/startup-message.ts'
import { readStartup } from '../../../server/pgwire/startup-request.ts'

function startup(
  settings: StartupMessage['settings'],
  version: { major?: number; minor?: number } = {},
): StartupMessage {
  return { kind: 'StartupMessage', major: 3, minor: 0, settings, ...version }
}

describe('readStartup', () => {
  test('the database is the user where it is missing or empty', () => {
    expect(readStartup(startup([['user', 'bob']])).database).toBe('bob')
    const empty = startup([
      ['user', 'bob'],
      ['database', ''],
    ])
    expect(readStartup(empty).database).toBe('bob')
    const given = startup([
      ['user', 'bob'],
      ['database', 'qdb'],
    ])
    expect(readStartup(given).database).toBe('qdb')
  })

  test('settings come in lower case; those of options first, so that keys of their own win', () => {
    const request = readStartup(
      startup([
        ['user', 'Bob'],
        ['TimeZone', 'UTC'],
        ['options', '-c TimeZone=Asia/Tokyo --geqo=off'],
        ['application_name', 'psql'],
      ]),
    )
    expect(request).toEqual({
      user: 'Bob',
      database: 'Bob',
      settings: [
        ['timezone', 'Asia/Tokyo'],
        ['geqo', 'off'],
        ['timezone', 'UTC'],
        ['application_name', 'psql'],
      ],
    })
  })

  test.each([
    [startup([['user', 'bob']], { minor: 2 }), []],
    [
      startup([
        ['user', 'bob'],
        ['_pq_.compression', 'on'],
      ]),
      ['_pq_.compression'],
    ],
    [
      startup(
        [
          ['user', 'bob'],
          ['_pq_.x', ''],
        ],
        { minor: 9999 },
      ),
      ['_pq_.x'],
    ],
  ])('what is newer is negotiated, and no setting', (message, unknownOptions) => {
    const request = readStartup(message)
    expect(request.negotiation).toEqual({ unknownOptions })
    expect(request.settings).toEqual([])
  })

  test.each([
    [startup([]), '28000', 'no PostgreSQL user name specified in startup packet'],
    [startup([['user', '']]), '28000', 'no PostgreSQL user name specified in startup packet'],
    [startup([['User', 'bob']]), '28000', 'no PostgreSQL user name specified in startup packet'],
    [
      startup([], { major: 2 }),
      '0A000',
      'unsupported frontend protocol 2.0: server supports 3.0 to 3.0',
    ],
    [
      startup([], { major: 1234, minor: 5681 }),
      '0A000',
      'unsupported frontend protocol 1234.5681: server supports 3.0 to 3.0',
    ],
    [
      startup([
        ['user', 'bob'],
        ['replication', 'database'],
      ]),
      '0A000',
      'replication is not supported',
    ],
    [
      startup([
        ['user', 'bob'],
        ['options', 'x'],
      ]),
      '42601',
      /invalid command-line argument/,
    ],
  ])('refused: %j', (message, sqlState, text) => {
    expect(() => readStartup(message)).toThrow(
      expect.objectContaining({
        sqlState,
        severity: 'FATAL',
        message: expect.stringMatching(text),
      }),
    )
  })

  test('replication=false asks for nothing', () => {
    const message = startup([
      ['user', 'bob'],
      ['replication', 'false'],
    ])
    expect(readStartup(message).settings).toEqual([])
  })
})
