import { oidOf } from '../../../store/type-oid.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { MessageType, type MessageWriter } from './message-writer.ts'

/**
 * ParameterDescription: the types of a statement's parameters. The bytes are made once for a list: a
 * plan gives the same one at each Describe.
 */
export function encodeParameterDescription(
  writer: MessageWriter,
  types: readonly SqlType[],
): Buffer {
  const known = made.get(types)
  if (known !== undefined) return known
  writer.int16(types.length)
  for (const type of types) writer.int32(oidOf(type))
  const message = writer.finish(MessageType.ParameterDescription)
  made.set(types, message)
  return message
}

const made = new WeakMap<readonly SqlType[], Buffer>()
