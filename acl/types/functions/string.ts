import { engine } from './make-row.ts'
import type { ScalarRow } from './row.ts'

/** Functions over text. */
export const stringRows: readonly ScalarRow[] = [
  engine('lower', ['text'], 'text'),
  engine('upper', ['text'], 'text'),
  engine('length', ['text'], 'int4'),
]
