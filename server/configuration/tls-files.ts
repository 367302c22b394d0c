import type { TlsKeys } from './keys.ts'
import { tlsKeysOfAll } from './keys.ts'
import type { Settings } from './settings.ts'

/** PEM files of an endpoint that offers TLS: the certificate chain and its private key. */
export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
}

/**
 * The TLS files of one endpoint: its own, or those set for all; undefined when it does not offer TLS. A
 * certificate and a key go together, so they are overridden together. `tls.enabled` follows from the
 * files unless it is set: with files it is on.
 */
export function readTlsFiles(settings: Settings, own: TlsKeys): TlsFiles | undefined {
  const shared = readPair(settings, tlsKeysOfAll)
  const files = readPair(settings, own) ?? shared
  const [enabledKey, enabled] = readEnabled(settings, own)
  if (enabled === false) return undefined
  if (enabled === true && files === undefined) {
    const names = `${own.certPath.name} and ${own.privateKeyPath.name}`
    return settings.refuse(
      enabledKey,
      `TLS needs ${names}, or tls.cert.path and tls.private.key.path`,
    )
  }
  return files
}

function readEnabled(settings: Settings, own: TlsKeys): [TlsKeys['enabled'], boolean | undefined] {
  const enabled = settings.optional(own.enabled)
  if (enabled !== undefined) return [own.enabled, enabled]
  return [tlsKeysOfAll.enabled, settings.optional(tlsKeysOfAll.enabled)]
}

function readPair(settings: Settings, keys: TlsKeys): TlsFiles | undefined {
  const certPath = settings.optional(keys.certPath)
  const keyPath = settings.optional(keys.privateKeyPath)
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath }
  if (certPath !== undefined) {
    return settings.refuse(keys.certPath, `${keys.privateKeyPath.name} must be set too`)
  }
  if (keyPath !== undefined) {
    return settings.refuse(keys.privateKeyPath, `${keys.certPath.name} must be set too`)
  }
  return undefined
}
