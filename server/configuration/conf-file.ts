import { configurationError } from './configuration-error.ts'

/** A setting as somebody wrote it, and where. */
export interface WrittenSetting {
  readonly key: string
  readonly value: string
  /** For messages: `server.conf:12`, or the environment variable. */
  readonly source: string
  readonly from: 'conf' | 'env'
}

/**
 * Reads QuestDB's form of configuration file: `key=value` lines, `#` comments on lines of their own
 * (a value may hold `#`), blank lines. White space around key and value does not count. A key may
 * stand once: of two values one would be silently without effect.
 */
export function parseConfFile(text: string, fileName: string): readonly WrittenSetting[] {
  const settings: WrittenSetting[] = []
  const lineOf = new Map<string, number>()
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) {
    const lineNumber = index + 1
    const setting = parseLine(line, `${fileName}:${lineNumber}`)
    if (setting === undefined) continue
    const before = lineOf.get(setting.key)
    if (before !== undefined) {
      throw configurationError(
        `${setting.source}: the key is set twice, first in line ${before} [key=${setting.key}]`,
      )
    }
    lineOf.set(setting.key, lineNumber)
    settings.push(setting)
  }
  return settings
}

function parseLine(line: string, source: string): WrittenSetting | undefined {
  const trimmed = line.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return undefined
  const equals = trimmed.indexOf('=')
  // The line is not repeated: it may hold a password.
  if (equals < 1) throw configurationError(`${source}: expected key=value or a # comment`)
  const key = trimmed.slice(0, equals).trim()
  return { key, value: trimmed.slice(equals + 1).trim(), source, from: 'conf' }
}
