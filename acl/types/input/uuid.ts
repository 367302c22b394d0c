import { invalidInput } from '../errors.ts'

const pattern = /^(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}$/i

/** Reads a uuid: braces around it and a hyphen after any four digits are optional (uuid.c). */
export function parseUuid(text: string): string {
  const inner = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text
  if (!pattern.test(inner)) throw invalidInput('uuid', text)
  const digits = inner.replaceAll('-', '').toLowerCase()
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-')
}
