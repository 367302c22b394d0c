import { engine } from './make-row.ts'
import type { ScalarRow } from './row.ts'

/** Functions over arrays. */
export const arrayRows: readonly ScalarRow[] = [engine('cardinality', ['anyarray'], 'int4', 'len')]
