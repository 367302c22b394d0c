import type { Operand } from './printer.ts'
import { familyOf } from './type.ts'

/** Blank-padded text compares and converts without its trailing spaces (bpchar of PostgreSQL). */
export function unpadded({ sql, type }: Operand): string {
  return familyOf(type) === 'Padded' ? `rtrim(${sql}, ' ')` : sql
}
