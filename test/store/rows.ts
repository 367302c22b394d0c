import type { RowSink } from '../../store/store.ts'

/** A row of a DataRow message: its fields' bytes, or null. */
export type WireRow = readonly (Buffer | null)[]

/** Collects what a store sends, checking that every buffer is whole DataRow messages. */
export class RowCollector implements RowSink {
  readonly rowsTaken: WireRow[] = []

  rows(messages: Buffer, rowCount: number): void {
    const rows = parseDataRows(messages)
    if (rows.length !== rowCount) throw new Error('a buffer holds as many rows as it says')
    this.rowsTaken.push(...rows)
  }

  /** The rows as text; NULL is null. */
  get texts(): readonly (readonly (string | null)[])[] {
    return this.rowsTaken.map((row) => row.map((field) => field?.toString('utf8') ?? null))
  }
}

/** Takes DataRow messages apart; throws where a length does not fit. */
export function parseDataRows(messages: Buffer): readonly WireRow[] {
  const rows: WireRow[] = []
  let at = 0
  while (at < messages.length) {
    if (messages[at] !== 68) throw new Error('a DataRow begins with D')
    const end = at + 1 + messages.readInt32BE(at + 1)
    rows.push(parseFields(messages.subarray(at + 5, end)))
    at = end
  }
  if (at !== messages.length) throw new Error('the last message is whole')
  return rows
}

function parseFields(body: Buffer): WireRow {
  const fields: (Buffer | null)[] = []
  let at = 2
  for (let field = 0; field < body.readInt16BE(0); field++) {
    const length = body.readInt32BE(at)
    at += 4
    fields.push(length === -1 ? null : body.subarray(at, at + length))
    at += Math.max(length, 0)
  }
  if (at !== body.length) throw new Error('nothing is left over in a DataRow')
  return fields
}
