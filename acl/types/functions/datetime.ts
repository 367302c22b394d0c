import type { ScalarRow } from './row.ts'

/** Functions over dates and times. */
export const datetimeRows: readonly ScalarRow[] = []
