import { invalidInput } from '../errors.ts'
import { whiteSpace } from './number.ts'

const words: readonly (readonly [word: string, shortest: number, value: boolean])[] = [
  ['true', 1, true],
  ['false', 1, false],
  ['yes', 1, true],
  ['no', 1, false],
  ['on', 2, true],
  ['off', 2, false],
  ['1', 1, true],
  ['0', 1, false],
]

const edges = new RegExp(`^[${whiteSpace}]+|[${whiteSpace}]+$`, 'g')

/** Reads a bool: PostgreSQL's words and their unique beginnings (bool.c, parse_bool_with_len). */
export function parseBool(text: string): boolean {
  const word = text.replace(edges, '').toLowerCase()
  const found = words.find(([whole, shortest]) => word.length >= shortest && whole.startsWith(word))
  if (found === undefined) throw invalidInput('boolean', text)
  return found[2]
}
