import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsFiles } from '../../../server/pgwire/tls-context.ts'

/** A certificate for localhost on P-256 that openssl made and nobody else knows. */
export function selfSigned(): TlsFiles & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-tls-'))
  const certPath = join(directory, 'cert.pem')
  const keyPath = join(directory, 'key.pem')
  const request = ['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', keyPath]
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...request, ...key, ...names, '-out', certPath], { stdio: 'ignore' })
  return { directory, certPath, keyPath }
}
