import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { FrontendMessage } from '../../../server/pgwire/messages/decode.ts'
import { encodeFrontend } from './encode-frontend.ts'
import { RawClient } from './raw-client.ts'
import { serveFake, type FakeServer } from './serve-fake.ts'

jest.setTimeout(30_000)

let server: FakeServer
let client: RawClient

beforeAll(async () => {
  server = await serveFake()
})

beforeEach(async () => {
  client = await RawClient.login(server.port)
})

afterAll(async () => {
  await server.listener.close()
})

const query = (text: string): FrontendMessage => ({ kind: 'Query', text })
const parse = (text: string, name = ''): FrontendMessage => {
  return { kind: 'Parse', name, text, parameterTypes: [] }
}
const bind = (...parameters: readonly (string | null)[]): FrontendMessage => ({
  kind: 'Bind',
  portal: '',
  statement: '',
  parameterFormats: [],
  parameters: parameters.map((value) => (value === null ? null : Buffer.from(value))),
  resultFormats: [],
})
const describePortal: FrontendMessage = { kind: 'Describe', target: { kind: 'Portal', name: '' } }
const describeStatement: FrontendMessage = {
  kind: 'Describe',
  target: { kind: 'Statement', name: '' },
}
const execute = (rowsMax = 0): FrontendMessage => ({ kind: 'Execute', portal: '', rowsMax })
const sync: FrontendMessage = { kind: 'Sync' }
const flush: FrontendMessage = { kind: 'Flush' }

async function say(...messages: readonly FrontendMessage[]): Promise<readonly string[]> {
  client.send(...messages)
  return client.readUntil('ReadyForQuery')
}

const columnA =
  'RowDescription [{"name":"a","table":0,"column":0,"type":23,"size":4,"modifier":-1,"format":"text"}]'

describe('the simple protocol', () => {
  test('answers each statement, and is ready once', async () => {
    expect(await say(query("select 1 as a; ; set x to 'y'; -- nothing"))).toEqual([
      columnA,
      'DataRow ["1"]',
      'CommandComplete "SELECT 1"',
      'ParameterStatus {"name":"application_name","value":"fake"}',
      'CommandComplete "SET"',
      'ReadyForQuery "I"',
    ])
  })

  test.each(['', '  ', ';', '-- only a comment'])(
    'answers %j with EmptyQueryResponse',
    async (text) => {
      expect(await say(query(text))).toEqual(['EmptyQueryResponse', 'ReadyForQuery "I"'])
    },
  )

  test('tells the position in characters, not in UTF-16 units or bytes', async () => {
    expect(await say(query("select 'é😀😀', * from missing"))).toEqual([
      'ErrorResponse {"S":"ERROR","C":"42P01","M":"table does not exist [table=missing]","P":"22"}',
      'ReadyForQuery "I"',
    ])
  })

  test('tells the status of the transaction', async () => {
    expect(await say(query('begin'))).toEqual(['CommandComplete "BEGIN"', 'ReadyForQuery "T"'])
    expect((await say(query('select 1/0 as a'))).at(-1)).toBe('ReadyForQuery "E"')
    expect((await say(query('select 1 as a')))[0]).toContain('"C":"25P02"')
    expect(await say(query('commit'))).toEqual(['CommandComplete "ROLLBACK"', 'ReadyForQuery "I"'])
  })

  test('queries that come together are answered in order, slow ones too', async () => {
    client.send(
      query('select 1 as a'),
      query('select generate_series(1, 2500) as n'),
      query('select 2 as a'),
    )
    expect((await client.readUntil('ReadyForQuery'))[1]).toBe('DataRow ["1"]')
    expect(await client.readUntil('ReadyForQuery')).toHaveLength(2503)
    expect((await client.readUntil('ReadyForQuery'))[1]).toBe('DataRow ["2"]')
  })

  test('what came in one chunk is answered in one write', async () => {
    let chunks = 0
    client.socket.on('data', () => {
      chunks++
    })
    client.send(...Array.from({ length: 50 }, () => query('select 1 as a')))
    for (let answered = 0; answered < 50; answered++) await client.readUntil('ReadyForQuery')
    expect(chunks).toBeLessThanOrEqual(2)
  })

  test('a bug is told by an id; its words go to the log', async () => {
    const [error, ready] = await say(query('select crash'))
    expect(error).toMatch(/"C":"XX000","M":"internal error","D":"The server's log has the details/)
    expect(ready).toBe('ReadyForQuery "I"')
    const id = /id ([0-9a-f-]{36})/.exec(error ?? '')?.[1] ?? 'no id'
    expect(server.logged.find((line) => line.includes(id))).toContain('s3cret')
  })

  test('a FATAL error is the last word', async () => {
    expect(await say(query('select fatal'))).toEqual([
      'ErrorResponse {"S":"FATAL","C":"57P01","M":"principal was dropped"}',
      'closed',
    ])
    expect(server.handlers.at(-1)?.isEnded).toBe(true)
  })
})

describe('the extended protocol', () => {
  test('parse, bind, describe, execute, close, sync', async () => {
    const close: FrontendMessage = { kind: 'Close', target: { kind: 'Statement', name: '' } }
    const answers = await say(
      parse('select $1::int4 as a'),
      describeStatement,
      bind('7'),
      describePortal,
      execute(),
      close,
      sync,
    )
    expect(answers).toEqual([
      'ParseComplete',
      'ParameterDescription [23]',
      columnA,
      'BindComplete',
      columnA,
      'DataRow ["7"]',
      'CommandComplete "SELECT 1"',
      'CloseComplete',
      'ReadyForQuery "I"',
    ])
  })

  test('a statement without rows is described by NoData, an empty one is empty', async () => {
    expect(await say(parse('begin'), bind(), describePortal, execute(1), sync)).toEqual([
      'ParseComplete',
      'BindComplete',
      'NoData',
      'CommandComplete "BEGIN"',
      'ReadyForQuery "T"',
    ])
    expect(await say(parse(''), bind(), describePortal, execute(), sync)).toEqual([
      'ParseComplete',
      'BindComplete',
      'NoData',
      'EmptyQueryResponse',
      'ReadyForQuery "T"',
    ])
  })

  test('formats of a portal are those of Bind; of a statement, text', async () => {
    const binary: FrontendMessage = {
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: ['binary'],
      parameters: [Buffer.from([0, 0, 0, 9])],
      resultFormats: ['binary'],
    }
    const answers = await say(
      parse('select $1::int4 as a'),
      describeStatement,
      binary,
      describePortal,
      execute(),
      sync,
    )
    expect(answers[2]).toBe(columnA)
    expect(answers[4]).toBe(columnA.replace('text', 'binary'))
    expect(answers[5]).toBe('DataRow [{"hex":"00000009"}]')
  })

  test('a limit suspends, and the next Execute goes on', async () => {
    const answers = await say(
      parse('select generate_series(1, 3) as n'),
      bind(),
      execute(2),
      execute(2),
      sync,
    )
    expect(answers.slice(2)).toEqual([
      'DataRow ["1"]',
      'DataRow ["2"]',
      'PortalSuspended',
      'DataRow ["3"]',
      'CommandComplete "SELECT 1"',
      'ReadyForQuery "I"',
    ])
  })

  test('a negative limit is none', async () => {
    const answers = await say(parse('select generate_series(1, 3) as n'), bind(), execute(-1), sync)
    expect(answers.at(-2)).toBe('CommandComplete "SELECT 3"')
  })

  test('Flush sends what is due, and no ReadyForQuery', async () => {
    client.send(parse('select 1 as a'), describeStatement, flush)
    expect(await client.readUntil('RowDescription')).toEqual([
      'ParseComplete',
      'ParameterDescription []',
      columnA,
    ])
    expect(await say(bind(), execute(), sync)).toContain('DataRow ["1"]')
  })

  test('after an error everything is skipped to Sync', async () => {
    expect(
      await say(
        parse('selec'),
        bind(),
        query('select 1 as a'),
        describePortal,
        { kind: 'CopyData', data: Buffer.from('x') },
        { kind: 'FunctionCall', functionOid: 1 },
        execute(),
        flush,
        sync,
      ),
    ).toEqual([
      'ErrorResponse {"S":"ERROR","C":"42601","M":"syntax error at or near \\"selec\\"","P":"1"}',
      'ReadyForQuery "I"',
    ])
    expect(await say(sync)).toEqual(['ReadyForQuery "I"'])
    expect(await say(parse('select 1 as a'), bind(), execute(), sync)).toContain('DataRow ["1"]')
  })

  test('bodies are not looked at while skipping; unknown types still end the connection', async () => {
    client.write(
      encodeFrontend(parse('selec')),
      Buffer.from([0x42, 0, 0, 0, 5, 0xff]),
      encodeFrontend(sync),
    )
    expect(await client.readUntil('ReadyForQuery')).toHaveLength(2)
    client.write(encodeFrontend(parse('selec')), Buffer.from('z\0\0\0\x04'))
    expect((await client.readAll()).slice(1)).toEqual([
      'ErrorResponse {"S":"FATAL","C":"08P01","M":"invalid frontend message type 122"}',
      'closed',
    ])
  })

  test.each([
    ['statement', { kind: 'Statement', name: 'x' }, '26000'],
    ['portal', { kind: 'Portal', name: 'x' }, '34000'],
  ] as const)(
    'describing an unknown %s is an error, closing it is not',
    async (_what, target, code) => {
      expect((await say({ kind: 'Describe', target }, sync))[0]).toContain(`"C":"${code}"`)
      expect(await say({ kind: 'Close', target }, sync)).toEqual([
        'CloseComplete',
        'ReadyForQuery "I"',
      ])
    },
  )

  test('a parameter that is none of its type is refused', async () => {
    const [, error] = await say(parse('select $1::uuid as a'), bind('no uuid'), sync)
    expect(error).toContain('"C":"22P02","M":"invalid input syntax for type uuid')
  })

  test.each(['bind', 'statement', 'portal', 'execute'])(
    'an error that comes late, in %s, is placed in the text of Parse',
    async (message) => {
      const answers = await say(
        parse(`select late_${message}`),
        describeStatement,
        bind(),
        describePortal,
        execute(),
        sync,
      )
      expect(answers.at(-2)).toBe(
        'ErrorResponse {"S":"ERROR","C":"42703","M":"column \\"late\\" does not exist","P":"8"}',
      )
    },
  )
})

describe('what is malformed', () => {
  test('in the extended protocol fails the transaction and skips to Sync', async () => {
    await say(query('begin'))
    client.write(message('B', 'x'), encodeFrontend(execute()), encodeFrontend(sync))
    expect(await client.readUntil('ReadyForQuery')).toEqual([
      'ErrorResponse {"S":"ERROR","C":"08P01","M":"invalid string in message"}',
      'ReadyForQuery "E"',
    ])
  })

  test('in the simple protocol is answered with ReadyForQuery', async () => {
    client.write(message('Q', 'select \xff\0'))
    expect(await client.readUntil('ReadyForQuery')).toEqual([
      'ErrorResponse {"S":"ERROR","C":"22021","M":"invalid byte sequence for encoding \\"UTF8\\": 0xff"}',
      'ReadyForQuery "I"',
    ])
    client.write(message('S', 'x'))
    expect(await client.readUntil('ReadyForQuery')).toEqual([
      'ErrorResponse {"S":"ERROR","C":"08P01","M":"invalid message format"}',
      'ReadyForQuery "I"',
    ])
  })

  test.each([
    ['a negative length', 'Q\xff\xff\xff\xff'],
    ['a length below 4', 'Q\0\0\0\x03'],
    ['64 MiB and more', 'Q\x04\0\0\x01'],
    ['a Sync of 10,001 bytes', 'S\0\0\x27\x11'],
    ['a password', 'p\0\0\0\x05\0'],
  ])('%s ends the connection at once', async (_what, bytes) => {
    client.write(Buffer.from(bytes, 'latin1'))
    const [error, closed] = await client.readAll()
    expect(error).toMatch(/^ErrorResponse \{"S":"FATAL","C":"08P01"/)
    expect(closed).toBe('closed')
  })
})

describe('other messages', () => {
  test('FunctionCall is refused, and the client has its turn', async () => {
    expect(await say({ kind: 'FunctionCall', functionOid: 954 })).toEqual([
      'ErrorResponse {"S":"ERROR","C":"0A000","M":"function call is not supported",' +
        '"H":"Call the function in a SELECT."}',
      'ReadyForQuery "I"',
    ])
  })

  test('COPY messages outside of COPY are ignored, malformed ones too', async () => {
    client.write(Buffer.from('c\0\0\0\x05x'))
    client.send(
      { kind: 'CopyData', data: Buffer.from('1\n') },
      { kind: 'CopyDone' },
      { kind: 'CopyFail', reason: 'stray' },
    )
    expect(await say(query(''))).toEqual(['EmptyQueryResponse', 'ReadyForQuery "I"'])
  })

  test('Terminate ends the session without an answer', async () => {
    client.send({ kind: 'Terminate' }, query('select 1 as a'))
    expect(await client.readAll()).toEqual(['closed'])
    expect(server.handlers.at(-1)?.isEnded).toBe(true)
  })
})

describe('a client that stops sending', () => {
  test('is still answered', async () => {
    client.send(query('select generate_series(1, 5000) as n'), query('select 1 as a'))
    client.socket.end()
    const answers = await client.readAll()
    expect(answers.at(-3)).toBe('CommandComplete "SELECT 1"')
    expect(answers.at(-1)).toBe('closed')
  })

  test('and is gone ends what runs', async () => {
    client.send(query('select pg_sleep(60)'))
    const handler = server.handlers.at(-1)
    await handler?.sleeps
    client.socket.resetAndDestroy()
    await handler?.ended
    expect(handler?.cancelCount).toBe(1)
  })

  test('ends what runs after a while', async () => {
    const impatient = await serveFake({ limits: { disconnectGraceMs: 20 } })
    const hasty = await RawClient.login(impatient.port)
    hasty.send(query('select pg_sleep(60)'))
    hasty.socket.end()
    await impatient.handlers[0]?.ended
    expect(impatient.handlers[0]?.cancelCount).toBe(1)
    await impatient.listener.close()
  })
})

/** A message of any body. */
function message(type: string, body: string): Buffer {
  const bytes = Buffer.from(`${type}0000${body}`, 'latin1')
  bytes.writeInt32BE(body.length + 4, 1)
  return bytes
}
