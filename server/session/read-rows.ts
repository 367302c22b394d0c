import { invariant } from '../../errors/invariant.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import type { Program, StoreSession } from '../../store/store.ts'
import { decodeParameter } from '../pgwire/values/decode-value.ts'

/**
 * Rows of a query of the server's own, as values: few of them, since all are held at once. The engine gives
 * finished DataRow messages, in the binary format here, in which a value is exactly what it is.
 */
export async function readRows(
  store: StoreSession,
  program: Program,
  values: readonly SqlValue[],
): Promise<readonly (readonly SqlValue[])[]> {
  const types = program.columns.map(({ type }) => {
    invariant(type, 'a query of the server knows its types')
    return type
  })
  const rows: (readonly SqlValue[])[] = []
  const portal = store.open({ program, values, formats: ['binary'] })
  await portal.fetch(0, {
    rows: (messages) => {
      rows.push(...decodeRows(messages, types))
    },
  })
  return rows
}

/** Messages 'D': length of the whole, number of columns, and each column's length (-1: NULL) and bytes. */
function decodeRows(messages: Buffer, types: readonly SqlType[]): readonly (readonly SqlValue[])[] {
  const rows: (readonly SqlValue[])[] = []
  let at = 0
  while (at < messages.length) {
    const end = at + 1 + messages.readInt32BE(at + 1)
    let field = at + 7
    rows.push(
      types.map((type) => {
        const length = messages.readInt32BE(field)
        const from = field + 4
        field = from + Math.max(length, 0)
        if (length < 0) return null
        return decodeParameter(messages.subarray(from, field), type, 'binary', { timeZone: 'UTC' })
      }),
    )
    invariant(field === end, 'a row is as long as it says')
    at = end
  }
  return rows
}
