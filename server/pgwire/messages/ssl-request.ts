import type { MessageReader } from './message-reader.ts'

/** SSLRequest: asks for TLS; one byte answers. */
export interface SSLRequest {
  readonly kind: 'SSLRequest'
}

export function decodeSSLRequest(reader: MessageReader): SSLRequest {
  reader.end()
  return { kind: 'SSLRequest' }
}
