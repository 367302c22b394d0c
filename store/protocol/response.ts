import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlState } from '../../errors/sql-state.ts'
import type { SqlType } from '../sql-type.ts'
import { frameHeaderBytes, FrameReader, FrameWriter } from './frame.ts'

/** Why a call failed: in the engine's words, for the server to translate, or in ours. */
export type EngineFailure =
  | { readonly kind: 'Engine'; readonly message: string }
  | { readonly kind: 'Sql'; readonly sqlState: SqlState; readonly message: string }

/** What a call that is not a fetch gave. */
export type EngineAnswer =
  | { readonly kind: 'Done' }
  | { readonly kind: 'Types'; readonly types: readonly SqlType[] }
  | { readonly kind: 'Committed'; readonly hasCommitted: boolean }
  | { readonly kind: 'Revived'; readonly isRevived: boolean }
  | { readonly kind: 'Tables'; readonly oids: readonly number[] }
  | { readonly kind: 'Swept'; readonly oids: readonly number[] }

/** What the engine process sends. */
export type EngineResponse =
  | { readonly kind: 'Booted' }
  | { readonly kind: 'BootFailed'; readonly reason: string }
  /** Whole DataRow messages of a running fetch. */
  | {
      readonly kind: 'Rows'
      readonly call: number
      readonly rowCount: number
      readonly messages: Buffer
    }
  | { readonly kind: 'Complete'; readonly call: number; readonly rowCount: number }
  | { readonly kind: 'Suspended'; readonly call: number; readonly rowCount: number }
  | { readonly kind: 'Answer'; readonly call: number; readonly answer: EngineAnswer }
  | { readonly kind: 'Failed'; readonly call: number; readonly failure: EngineFailure }

const kinds = {
  Booted: 1,
  BootFailed: 2,
  Rows: 3,
  Complete: 4,
  Suspended: 5,
  Answer: 6,
  Failed: 7,
} as const satisfies Record<EngineResponse['kind'], number>

/** A Rows frame before its messages: header, call, row count. */
export const rowsHeaderBytes = frameHeaderBytes + 8

const writer = new FrameWriter()

export function encodeResponse(
  response: Exclude<EngineResponse, { readonly kind: 'Rows' }>,
): Buffer {
  writer.start(kinds[response.kind])
  switch (response.kind) {
    case 'Booted':
      return writer.finish()
    case 'BootFailed':
      return writer.text(response.reason).finish()
    case 'Complete':
    case 'Suspended':
      return writer.uint32(response.call).float64(response.rowCount).finish()
    case 'Answer':
      return writer.uint32(response.call).text(JSON.stringify(response.answer)).finish()
    case 'Failed':
      return writer.uint32(response.call).text(JSON.stringify(response.failure)).finish()
    default:
      return unreachable(response)
  }
}

/** Fills in the header of a Rows frame, for which `frame` left {@link rowsHeaderBytes} free. */
export function finishRowsFrame(
  frame: Buffer,
  given: { readonly call: number; readonly rowCount: number },
): Buffer {
  frame.writeUInt32LE(frame.length - 4, 0)
  frame.writeUInt8(kinds.Rows, 4)
  frame.writeUInt32LE(given.call, frameHeaderBytes)
  frame.writeUInt32LE(given.rowCount, frameHeaderBytes + 4)
  return frame
}

export function decodeResponse(frame: Buffer): EngineResponse {
  const reader = new FrameReader(frame)
  switch (reader.kind) {
    case kinds.Booted:
      return { kind: 'Booted' }
    case kinds.BootFailed:
      return { kind: 'BootFailed', reason: reader.text() }
    case kinds.Rows: {
      const call = reader.uint32()
      const rowCount = reader.uint32()
      return { kind: 'Rows', call, rowCount, messages: reader.rest() }
    }
    case kinds.Complete:
      return { kind: 'Complete', call: reader.uint32(), rowCount: reader.float64() }
    case kinds.Suspended:
      return { kind: 'Suspended', call: reader.uint32(), rowCount: reader.float64() }
    case kinds.Answer:
      return { kind: 'Answer', call: reader.uint32(), answer: JSON.parse(reader.text()) }
    default:
      invariant(reader.kind === kinds.Failed, 'a response has a known kind')
      return { kind: 'Failed', call: reader.uint32(), failure: JSON.parse(reader.text()) }
  }
}
