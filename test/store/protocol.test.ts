import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { FrameReader, FrameSplitter, FrameWriter } from '../../store/protocol/frame.ts'
import { decodeRequest, encodeRequest } from '../../store/protocol/request.ts'
import type { EngineRequest } from '../../store/protocol/request.ts'
import {
  decodeResponse,
  encodeResponse,
  finishRowsFrame,
  rowsHeaderBytes,
} from '../../store/protocol/response.ts'
import { readValues, writeValues } from '../../store/protocol/value-codec.ts'
import type { SqlValue } from '../../store/sql-type.ts'

const scalarValue: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array(),
  fc.record({
    kind: fc.constant('Interval' as const),
    months: fc.integer(),
    days: fc.integer(),
    micros: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
)

test('any value is read as it was written', () => {
  const value = fc.oneof(scalarValue, fc.array(scalarValue), fc.array(fc.array(scalarValue)))
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const writer = new FrameWriter().start(1)
      writeValues(writer, values)
      expect(readValues(new FrameReader(writer.finish().subarray(4)))).toEqual(values)
    }),
  )
})

test('any split of the bytes gives the same frames', () => {
  const body = fc.uint8Array({ maxLength: 40 })
  fc.assert(
    fc.property(fc.array(body), fc.array(fc.integer({ min: 1, max: 30 })), (bodies, sizes) => {
      const frames = bodies.map((bytes) => new FrameWriter().start(7).bytes(bytes).finish())
      const stream = Buffer.concat(frames)
      const splitter = new FrameSplitter()
      const received: Buffer[] = []
      let at = 0
      let turn = 0
      while (at < stream.length) {
        const size = sizes[turn++ % Math.max(sizes.length, 1)] ?? 13
        splitter.push(stream.subarray(at, at + size), (frame) => received.push(Buffer.from(frame)))
        at += size
      }
      expect(received).toEqual(frames.map((frame) => frame.subarray(4)))
    }),
  )
})

describe('requests', () => {
  const requests: readonly EngineRequest[] = [
    { kind: 'Forget', program: 3 },
    {
      kind: 'Define',
      program: 4,
      definition: { sql: 'SELECT 1', kind: 'Query', parameters: [], columns: [{}] },
    },
    {
      kind: 'Open',
      session: 1,
      portal: 2,
      program: 3,
      formats: ['text', 'binary'],
      values: [1, 'a', null],
    },
    { kind: 'Fetch', call: 1, session: 2, portal: 3, rowsMax: 0 },
    { kind: 'ClosePortal', session: 2, portal: 3 },
    { kind: 'Describe', call: 1, session: 2, program: 3 },
    { kind: 'Begin', call: 1, session: 2, readOnly: true },
    { kind: 'Begin', call: 1, session: 2, readOnly: false },
    { kind: 'Commit', call: 1, session: 2 },
    { kind: 'Commit', call: 1, session: 2, transactionNumber: 2 ** 40 },
    { kind: 'Rollback', call: 1, session: 2 },
    { kind: 'Revive', call: 1, session: 2 },
    { kind: 'SetTimeZone', call: 1, session: 2, name: 'Europe/Berlin' },
    { kind: 'Cancel', session: 2, call: 9 },
    { kind: 'Credit', session: 2, bytes: 123456 },
    { kind: 'CloseSession', call: 1, session: 2 },
    { kind: 'HasCommitted', call: 1, transactionNumber: 5 },
    { kind: 'ForgetCommits', call: 1, transactionNumber: 5 },
    { kind: 'Tables', call: 1 },
    { kind: 'Checkpoint', call: 1 },
    { kind: 'Sweep', call: 1, oids: [1, 2] },
    { kind: 'Shutdown', call: 1 },
  ]

  test.each(requests)('$kind is read as it was written', (request) => {
    expect(decodeRequest(encodeRequest(request).subarray(4))).toEqual(request)
  })

  test('a frame that is cut short is refused', () => {
    const frame = encodeRequest({ kind: 'Fetch', call: 1, session: 2, portal: 3, rowsMax: 4 })
    expect(() => decodeRequest(frame.subarray(4, -1))).toThrow()
    expect(() => decodeRequest(Buffer.of(255))).toThrow(/known kind/)
  })
})

test('responses are read as they were written', () => {
  const rows = Buffer.alloc(rowsHeaderBytes + 3, 'x')
  expect(decodeResponse(finishRowsFrame(rows, { call: 7, rowCount: 2 }).subarray(4))).toEqual({
    kind: 'Rows',
    call: 7,
    rowCount: 2,
    messages: Buffer.from('xxx'),
  })
  for (const response of [
    { kind: 'Booted' },
    { kind: 'BootFailed', reason: 'no' },
    { kind: 'Complete', call: 1, rowCount: 2 ** 40 },
    { kind: 'Suspended', call: 1, rowCount: 3 },
    { kind: 'Answer', call: 1, answer: { kind: 'Swept', oids: [1] } },
    { kind: 'Failed', call: 1, failure: { kind: 'Engine', message: 'x' } },
  ] as const) {
    expect(decodeResponse(encodeResponse(response).subarray(4))).toEqual(response)
  }
})
