import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

/** Where the certificate chain and its private key are, both PEM. */
export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
}

/** Reads both files; TLS 1.2 and 1.3 (questdb-rbac.md, section 14). Throws what Node throws. */
export function readTlsContext(files: TlsFiles): SecureContext {
  return createSecureContext({
    cert: readFileSync(files.certPath),
    key: readFileSync(files.keyPath),
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    // Lets clients resume a TLS 1.2 session of ours.
    sessionIdContext: 'grantd-pgwire',
  })
}
