import type { SqlError } from '../../../errors/sql-error.ts'
import type { MessageReader } from './message-reader.ts'

/** What Describe and Close are about: a prepared statement or a portal. */
export interface Target {
  readonly kind: 'Statement' | 'Portal'
  readonly name: string
}

export function decodeTarget(
  reader: MessageReader,
  invalid: (subtype: number) => SqlError,
): Target {
  const subtype = reader.byte()
  const name = reader.cstring()
  reader.end()
  if (subtype === statementByte) return { kind: 'Statement', name }
  if (subtype === portalByte) return { kind: 'Portal', name }
  throw invalid(subtype)
}

const statementByte = 0x53
const portalByte = 0x50
