import { MessageType, MessageWriter } from './message-writer.ts'

/** CommandComplete: a statement's command tag. Bytes of the common tags are made once. */
export function encodeCommandComplete(writer: MessageWriter, tag: string): Buffer {
  return readyMade.get(tag) ?? writer.cstring(tag).finish(MessageType.CommandComplete)
}

const commonTags = [
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SET',
  'SHOW',
  'SELECT 0',
  'SELECT 1',
  'INSERT 0 0',
  'INSERT 0 1',
  'UPDATE 0',
  'UPDATE 1',
  'DELETE 0',
  'DELETE 1',
  'GRANT',
  'REVOKE',
]

const readyMade: ReadonlyMap<string, Buffer> = new Map(
  commonTags.map((tag) => [
    tag,
    new MessageWriter().cstring(tag).finish(MessageType.CommandComplete),
  ]),
)
