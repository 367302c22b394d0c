import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'pg-protocol'
import {
  authenticationCleartextPassword,
  authenticationOk,
} from '../../../../server/pgwire/messages/authentication.ts'
import { encodeBackendKeyData } from '../../../../server/pgwire/messages/backend-key-data.ts'
import { bindComplete } from '../../../../server/pgwire/messages/bind-complete.ts'
import { closeComplete } from '../../../../server/pgwire/messages/close-complete.ts'
import { encodeCommandComplete } from '../../../../server/pgwire/messages/command-complete.ts'
import { emptyQueryResponse } from '../../../../server/pgwire/messages/empty-query-response.ts'
import { encodeErrorResponse } from '../../../../server/pgwire/messages/error-response.ts'
import { MessageWriter } from '../../../../server/pgwire/messages/message-writer.ts'
import { encodeNegotiateProtocolVersion } from '../../../../server/pgwire/messages/negotiate-protocol-version.ts'
import { noData } from '../../../../server/pgwire/messages/no-data.ts'
import { encodeNoticeResponse } from '../../../../server/pgwire/messages/notice-response.ts'
import { encodeParameterDescription } from '../../../../server/pgwire/messages/parameter-description.ts'
import { encodeParameterStatus } from '../../../../server/pgwire/messages/parameter-status.ts'
import { parseComplete } from '../../../../server/pgwire/messages/parse-complete.ts'
import { portalSuspended } from '../../../../server/pgwire/messages/portal-suspended.ts'
import { readyForQuery } from '../../../../server/pgwire/messages/ready-for-query.ts'
import { encodeRowDescription } from '../../../../server/pgwire/messages/row-description.ts'
import { SqlState } from '../../../../errors/sql-state.ts'

const writer = new MessageWriter()

/** What node-postgres makes of the bytes. */
async function readByClient(bytes: Buffer): Promise<Record<string, unknown>> {
  const read: Record<string, unknown>[] = []
  await parse(Readable.from([bytes]), (message) => {
    read.push(Object.fromEntries(Object.entries(message)))
  })
  expect(read).toHaveLength(1)
  return read[0] ?? {}
}

describe('node-postgres reads', () => {
  test.each([
    ['authenticationOk', authenticationOk, { name: 'authenticationOk' }],
    [
      'authenticationCleartextPassword',
      authenticationCleartextPassword,
      { name: 'authenticationCleartextPassword' },
    ],
    ['parseComplete', parseComplete, { name: 'parseComplete', length: 4 }],
    ['bindComplete', bindComplete, { name: 'bindComplete', length: 4 }],
    ['closeComplete', closeComplete, { name: 'closeComplete', length: 4 }],
    ['noData', noData, { name: 'noData', length: 4 }],
    ['emptyQueryResponse', emptyQueryResponse, { name: 'emptyQuery', length: 4 }],
    ['portalSuspended', portalSuspended, { name: 'portalSuspended', length: 4 }],
    ['readyForQuery I', readyForQuery.I, { name: 'readyForQuery', status: 'I' }],
    ['readyForQuery T', readyForQuery.T, { name: 'readyForQuery', status: 'T' }],
    ['readyForQuery E', readyForQuery.E, { name: 'readyForQuery', status: 'E' }],
    [
      'a ready-made command tag',
      encodeCommandComplete(writer, 'INSERT 0 1'),
      { name: 'commandComplete', text: 'INSERT 0 1' },
    ],
    [
      'another command tag',
      encodeCommandComplete(writer, 'SELECT 4711'),
      { name: 'commandComplete', text: 'SELECT 4711' },
    ],
    [
      'backendKeyData',
      encodeBackendKeyData(writer, { kind: 'BackendKeyData', processId: 9, secretKey: -5 }),
      { name: 'backendKeyData', processID: 9, secretKey: -5 },
    ],
    [
      'parameterStatus',
      encodeParameterStatus(writer, { kind: 'ParameterStatus', name: 'TimeZone', value: 'UTC' }),
      { name: 'parameterStatus', parameterName: 'TimeZone', parameterValue: 'UTC' },
    ],
    [
      'parameterDescription',
      encodeParameterDescription(writer, [
        { kind: 'Scalar', name: 'int4' },
        { kind: 'Array', element: { kind: 'Scalar', name: 'text' } },
      ]),
      { name: 'parameterDescription', dataTypeIDs: [23, 1009] },
    ],
  ])('%s', async (_what, bytes, expected) => {
    expect(await readByClient(bytes)).toMatchObject(expected)
  })

  test('an error with all its fields', async () => {
    const error = {
      kind: 'ErrorResponse',
      severity: 'ERROR',
      sqlState: SqlState.UniqueViolation,
      message: 'duplicate key',
      detail: 'Key (a)=(1) already exists.',
      hint: 'another',
      position: 7,
      schema: 'public',
      table: 't',
      column: 'a',
      constraint: 't_pkey',
    } as const
    expect(await readByClient(encodeErrorResponse(writer, error))).toMatchObject({
      name: 'error',
      severity: 'ERROR',
      code: '23505',
      detail: 'Key (a)=(1) already exists.',
      hint: 'another',
      position: '7',
      schema: 'public',
      table: 't',
      column: 'a',
      constraint: 't_pkey',
    })
  })

  test('a notice', async () => {
    const notice = {
      severity: 'WARNING',
      sqlState: SqlState.NoActiveSqlTransaction,
      message: 'there is no transaction in progress',
    } as const
    expect(await readByClient(encodeNoticeResponse(writer, notice))).toMatchObject({
      name: 'notice',
      severity: 'WARNING',
      code: '25P01',
    })
  })

  test('columns with their types, modifiers, origins and formats', async () => {
    const columns = [
      {
        name: 'a',
        type: { kind: 'Scalar', name: 'varchar', length: 10 },
        origin: { oid: 4_000_000_000, attnum: 3 },
      },
      { name: '', type: { kind: 'Scalar', name: 'int8' } },
    ] as const
    const bytes = encodeRowDescription(writer, {
      kind: 'RowDescription',
      columns,
      formats: ['text', 'binary'],
    })
    const { fields } = await readByClient(bytes)
    expect(fields).toMatchObject([
      { name: 'a', columnID: 3, dataTypeID: 1043, dataTypeModifier: 14, format: 'text' },
      { name: '', tableID: 0, columnID: 0, dataTypeID: 20, dataTypeSize: 8, format: 'binary' },
    ])
    expect(bytes.readUInt32BE(9)).toBe(4_000_000_000)
  })
})

describe('RowDescription', () => {
  const columns = [{ name: 'a', type: { kind: 'Scalar', name: 'int4' } }] as const

  test('as text is made once for the columns of a plan', () => {
    const first = encodeRowDescription(writer, { kind: 'RowDescription', columns, formats: [] })
    const again = encodeRowDescription(writer, {
      kind: 'RowDescription',
      columns,
      formats: ['text'],
    })
    expect(again).toBe(first)
  })

  test.each([
    [[], 0],
    [['text'], 0],
    [['binary'], 1],
  ] as const)('with formats %j says %i', (formats, code) => {
    const bytes = encodeRowDescription(writer, { kind: 'RowDescription', columns, formats })
    expect(bytes.readInt16BE(bytes.length - 2)).toBe(code)
  })

  test('one binary format counts for all columns', () => {
    const two = [...columns, ...columns]
    const bytes = encodeRowDescription(writer, {
      kind: 'RowDescription',
      columns: two,
      formats: ['binary'],
    })
    expect(bytes.readInt16BE(bytes.length - 2)).toBe(1)
  })
})

test('ParameterDescription is made once for the parameters of a plan', () => {
  const types = [{ kind: 'Scalar', name: 'int4' }] as const
  expect(encodeParameterDescription(writer, types)).toBe(encodeParameterDescription(writer, types))
})

test('NegotiateProtocolVersion tells 3.0 and the options that are not known', () => {
  const bytes = encodeNegotiateProtocolVersion(writer, {
    kind: 'NegotiateProtocolVersion',
    unknownOptions: ['_pq_.a', '_pq_.b'],
  })
  expect(bytes.toString('latin1')).toBe('v\0\0\0\x1a\0\x03\0\0\0\0\0\x02_pq_.a\0_pq_.b\0')
})

test('a zero byte in a text does not end it', () => {
  const bytes = encodeCommandComplete(writer, 'a\0b')
  expect(bytes.toString()).toBe('C\0\0\0\x0aa\uFFFDb\0')
})
