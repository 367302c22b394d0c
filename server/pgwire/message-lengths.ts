import { smallMessageBytesMax } from './limits.ts'
import { FrontendType } from './messages/decode.ts'
import { invalidMessageLength, invalidMessageType } from './messages/protocol-errors.ts'
import type { FrameHead } from './frame-reader.ts'

/**
 * Refuses a message by its head, before its body is waited for (PostgreSQL 15, postgres.c:
 * `SocketBackend`): an unknown type, or a length that the type cannot have.
 * @throws SqlError FATAL 08P01
 */
export function checkHead(head: FrameHead, limits: { readonly messageBytesMax: number }): void {
  if (!knownTypes.has(head.type)) throw invalidMessageType(head.type)
  const lengthMax = largeTypes.has(head.type)
    ? limits.messageBytesMax
    : Math.min(smallMessageBytesMax, limits.messageBytesMax)
  checkLength(head.length, lengthMax)
}

/** @throws SqlError FATAL 08P01 */
export function checkLength(length: number, lengthMax: number): void {
  if (length < lengthBytes || length > lengthMax) throw invalidMessageLength(length, lengthMax)
}

/** A message's length counts the four bytes that hold it. */
const lengthBytes = 4

const knownTypes: ReadonlySet<number> = new Set(
  Object.values(FrontendType).filter((type) => type !== FrontendType.PasswordMessage),
)

/** Those that hold SQL text or values. */
const largeTypes: ReadonlySet<number> = new Set([
  FrontendType.Bind,
  FrontendType.CopyData,
  FrontendType.CopyFail,
  FrontendType.FunctionCall,
  FrontendType.Parse,
  FrontendType.Query,
])
