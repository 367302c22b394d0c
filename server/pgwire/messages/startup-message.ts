import type { MessageReader } from './message-reader.ts'
import { invalidStartupLayout } from './protocol-errors.ts'

/** StartupMessage: the protocol's version and the start-up keys, as sent. */
export interface StartupMessage {
  readonly kind: 'StartupMessage'
  readonly major: number
  readonly minor: number
  readonly settings: readonly (readonly [name: string, value: string])[]
}

/** The pairs of a packet of protocol 3; an empty name ends them, and must be the last byte. */
export function decodeStartupSettings(reader: MessageReader): StartupMessage['settings'] {
  const settings: (readonly [string, string])[] = []
  for (;;) {
    if (reader.remaining === 0) throw invalidStartupLayout()
    const name = reader.cstring()
    if (name === '') break
    if (reader.remaining === 0) throw invalidStartupLayout()
    settings.push([name, reader.cstring()])
  }
  if (reader.remaining > 0) throw invalidStartupLayout()
  return settings
}
