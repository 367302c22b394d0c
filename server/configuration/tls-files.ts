import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { driverMessage } from '../../errors/driver-code.ts'
import type { OptionalKey, TlsKeys } from './keys.ts'
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
  if (certPath !== undefined && keyPath !== undefined) {
    return checkFiles(settings, keys, { certPath, keyPath })
  }
  if (certPath !== undefined) {
    return settings.refuse(keys.certPath, `${keys.privateKeyPath.name} must be set too`)
  }
  if (keyPath !== undefined) {
    return settings.refuse(keys.privateKeyPath, `${keys.certPath.name} must be set too`)
  }
  return undefined
}

/** Read again where they are used; looked at here, so that the message names the key. */
function checkFiles(settings: Settings, keys: TlsKeys, files: TlsFiles): TlsFiles {
  const cert = readOrRefuse(settings, keys.certPath, files.certPath)
  const key = readOrRefuse(settings, keys.privateKeyPath, files.keyPath)
  try {
    createSecureContext({ cert, key })
    return files
  } catch (error) {
    return settings.refuse(
      keys.certPath,
      `expected a PEM certificate chain that belongs to ${keys.privateKeyPath.name} (${driverMessage(error)})`,
    )
  }
}

function readOrRefuse(settings: Settings, key: OptionalKey<string>, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    return settings.refuse(key, `the file cannot be read (${driverMessage(error)})`)
  }
}
