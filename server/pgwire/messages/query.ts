import type { MessageReader } from './message-reader.ts'

/** Query: the simple protocol; any number of statements in one text. */
export interface Query {
  readonly kind: 'Query'
  readonly text: string
}

export function decodeQuery(reader: MessageReader): Query {
  const text = reader.cstring()
  reader.end()
  return { kind: 'Query', text }
}
