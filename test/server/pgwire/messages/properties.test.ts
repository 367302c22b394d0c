import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SqlError } from '../../../../errors/sql-error.ts'
import { FrameReader, type Frame } from '../../../../server/pgwire/frame-reader.ts'
import {
  decode,
  FrontendType,
  type FrontendMessage,
} from '../../../../server/pgwire/messages/decode.ts'
import {
  decodeStartupPacket,
  type StartupPacket,
} from '../../../../server/pgwire/messages/decode-startup.ts'
import { encodeFrontend, encodeStartup } from '../encode-frontend.ts'

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
const name = text.filter((value) => value !== '')
const format = fc.constantFrom('text', 'binary')
const oid = fc.nat({ max: 4_294_967_295 })
const int32 = fc.integer()
const bytes = fc.uint8Array().map((value) => Buffer.from(value))
const target = fc.record({ kind: fc.constantFrom('Statement', 'Portal'), name: text })

const bind = fc.array(fc.option(bytes, { nil: null })).chain((parameters) =>
  fc.record({
    kind: fc.constant('Bind' as const),
    portal: text,
    statement: text,
    parameterFormats: fc.oneof(
      fc.array(format, { maxLength: 1 }),
      fc.array(format, { minLength: parameters.length, maxLength: parameters.length }),
    ),
    parameters: fc.constant(parameters),
    resultFormats: fc.array(format),
  }),
)

const message: fc.Arbitrary<FrontendMessage> = fc.oneof(
  fc.record({ kind: fc.constant('Query' as const), text }),
  fc.record({
    kind: fc.constant('Parse' as const),
    name: text,
    text,
    parameterTypes: fc.array(oid),
  }),
  bind,
  fc.record({ kind: fc.constantFrom('Describe' as const, 'Close' as const), target }),
  fc.record({ kind: fc.constant('Execute' as const), portal: text, rowsMax: int32 }),
  fc.record({ kind: fc.constant('CopyData' as const), data: bytes }),
  fc.record({ kind: fc.constant('CopyFail' as const), reason: text }),
  fc.record({ kind: fc.constant('FunctionCall' as const), functionOid: oid }),
  fc.record({
    kind: fc.constantFrom(
      'CopyDone' as const,
      'Flush' as const,
      'Sync' as const,
      'Terminate' as const,
    ),
  }),
)

const packet: fc.Arbitrary<StartupPacket> = fc.oneof(
  fc.record({
    kind: fc.constant('StartupMessage' as const),
    major: fc.constant(3),
    minor: fc.nat({ max: 65_535 }),
    settings: fc.array(fc.tuple(name, text)),
  }),
  fc.record({ kind: fc.constant('CancelRequest' as const), processId: int32, secretKey: int32 }),
  fc.record({ kind: fc.constantFrom('SSLRequest' as const, 'GSSENCRequest' as const) }),
)

/** All frames of a stream that comes in these pieces. */
function framesOf(chunks: readonly Buffer[]): readonly Frame[] {
  const reader = new FrameReader()
  const frames: Frame[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let head = reader.head(); head !== undefined; head = reader.head()) {
      const body = reader.takeBody(head)
      if (body === undefined) break
      frames.push({ type: head.type, body })
    }
  }
  expect(reader.bytes).toBe(0)
  return frames
}

function cut(stream: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length]
  at.sort((a, b) => a - b)
  return at.slice(1).map((end, index) => stream.subarray(at[index], end))
}

describe('properties of the decoders', () => {
  test('decode(encode(message)) is the message', () => {
    fc.assert(
      fc.property(message, (message) => {
        const body = encodeFrontend(message).subarray(5)
        expect(decode(FrontendType[message.kind], body)).toEqual(message)
      }),
    )
  })

  test('decode(encode(packet)) is the packet', () => {
    fc.assert(
      fc.property(packet, (packet) => {
        expect(decodeStartupPacket(encodeStartup(packet).subarray(4))).toEqual(packet)
      }),
    )
  })

  test('any split of the byte stream gives the same messages', () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(encodeFrontend))
        const frames = framesOf(cut(stream, cuts))
        expect(frames.map((frame) => decode(frame.type, frame.body))).toEqual(messages)
      }),
    )
  })

  test('frames handed out stay what they were while more bytes come', () => {
    const stream = Buffer.concat([
      encodeFrontend({ kind: 'Query', text: 'a'.repeat(50) }),
      encodeFrontend({ kind: 'Query', text: 'b'.repeat(500) }),
    ])
    const single = Array.from(stream, (byte) => Buffer.of(byte))
    expect(framesOf(single).map((frame) => decode(frame.type, frame.body))).toEqual([
      { kind: 'Query', text: 'a'.repeat(50) },
      { kind: 'Query', text: 'b'.repeat(500) },
    ])
  })

  test('random bytes give a message or a SqlError', () => {
    const type = fc.oneof(fc.constantFrom(...Object.values(FrontendType)), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 200 }), (type, body) => {
        expectMessageOrSqlError(() => decode(type, Buffer.from(body)))
      }),
      { numRuns: 2000 },
    )
  })

  test('messages with a changed byte give a message or a SqlError', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat({ max: 255 }), (message, at, byte) => {
        const body = encodeFrontend(message).subarray(5)
        if (body.length > 0) body[at % body.length] = byte
        expectMessageOrSqlError(() => decode(FrontendType[message.kind], body))
      }),
      { numRuns: 1000 },
    )
  })

  test('random start-up packets give a packet or a SqlError', () => {
    const version = fc.constantFrom([0, 3, 0, 0], [4, 210, 22, 46], [4, 210, 22, 47], [])
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 60 }), (version, rest) => {
        expectMessageOrSqlError(() => decodeStartupPacket(Buffer.from([...version, ...rest])))
      }),
      { numRuns: 1000 },
    )
  })
})

function expectMessageOrSqlError(act: () => { readonly kind: string }): void {
  try {
    expect(typeof act().kind).toBe('string')
  } catch (error) {
    expect(error).toBeInstanceOf(SqlError)
  }
}
