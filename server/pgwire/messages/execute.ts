import type { MessageReader } from './message-reader.ts'

/** Execute: runs a portal, or goes on with a suspended one. */
export interface Execute {
  readonly kind: 'Execute'
  readonly portal: string
  /** Rows to give back at most; zero or less: all. */
  readonly rowsMax: number
}

export function decodeExecute(reader: MessageReader): Execute {
  const portal = reader.cstring()
  const rowsMax = reader.int32()
  reader.end()
  return { kind: 'Execute', portal, rowsMax }
}
