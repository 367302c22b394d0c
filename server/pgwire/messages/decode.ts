import { decodeBind, type Bind } from './bind.ts'
import { decodeClose, type Close } from './close.ts'
import { decodeCopyData, type CopyData } from './copy-data.ts'
import { decodeCopyDone, type CopyDone } from './copy-done.ts'
import { decodeCopyFail, type CopyFail } from './copy-fail.ts'
import { decodeDescribe, type Describe } from './describe.ts'
import { decodeExecute, type Execute } from './execute.ts'
import { decodeFlush, type Flush } from './flush.ts'
import { decodeFunctionCall, type FunctionCall } from './function-call.ts'
import { MessageReader } from './message-reader.ts'
import { decodeParse, type Parse } from './parse.ts'
import { invalidMessageType } from './protocol-errors.ts'
import { decodeQuery, type Query } from './query.ts'
import { decodeSync, type Sync } from './sync.ts'
import { decodeTerminate, type Terminate } from './terminate.ts'

/** What a client may send once it is let in. */
export type FrontendMessage =
  | Bind
  | Close
  | CopyData
  | CopyDone
  | CopyFail
  | Describe
  | Execute
  | Flush
  | FunctionCall
  | Parse
  | Query
  | Sync
  | Terminate

/** Type bytes of the frontend's messages (protocol page "Message Formats"). */
export const FrontendType = {
  Bind: 0x42,
  Close: 0x43,
  CopyData: 0x64,
  CopyDone: 0x63,
  CopyFail: 0x66,
  Describe: 0x44,
  Execute: 0x45,
  Flush: 0x48,
  FunctionCall: 0x46,
  Parse: 0x50,
  PasswordMessage: 0x70,
  Query: 0x51,
  Sync: 0x53,
  Terminate: 0x58,
} as const

/**
 * The one switch over type bytes.
 * @throws SqlError 08P01 for a malformed body (FATAL for an unknown type), 22021 for bad UTF-8
 */
export function decode(type: number, body: Buffer): FrontendMessage {
  const reader = new MessageReader(body)
  switch (type) {
    case FrontendType.Bind:
      return decodeBind(reader)
    case FrontendType.Close:
      return decodeClose(reader)
    case FrontendType.CopyData:
      return decodeCopyData(reader)
    case FrontendType.CopyDone:
      return decodeCopyDone(reader)
    case FrontendType.CopyFail:
      return decodeCopyFail(reader)
    case FrontendType.Describe:
      return decodeDescribe(reader)
    case FrontendType.Execute:
      return decodeExecute(reader)
    case FrontendType.Flush:
      return decodeFlush(reader)
    case FrontendType.FunctionCall:
      return decodeFunctionCall(reader)
    case FrontendType.Parse:
      return decodeParse(reader)
    case FrontendType.Query:
      return decodeQuery(reader)
    case FrontendType.Sync:
      return decodeSync(reader)
    case FrontendType.Terminate:
      return decodeTerminate(reader)
    default:
      throw invalidMessageType(type)
  }
}
