import type { MessageReader } from './message-reader.ts'

/** GSSENCRequest: asks for GSSAPI encryption; `N` answers. */
export interface GSSENCRequest {
  readonly kind: 'GSSENCRequest'
}

export function decodeGSSENCRequest(reader: MessageReader): GSSENCRequest {
  reader.end()
  return { kind: 'GSSENCRequest' }
}
