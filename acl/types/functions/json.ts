import type { ScalarRow } from './row.ts'

/** Functions over json. */
export const jsonRows: readonly ScalarRow[] = []
