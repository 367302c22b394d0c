import { engine } from './make-row.ts'
import type { ScalarRow } from './row.ts'

/** Functions over numbers. */
export const mathRows: readonly ScalarRow[] = [
  engine('abs', ['int4'], 'int4'),
  engine('abs', ['int8'], 'int8'),
  engine('abs', ['float8'], 'float8'),
  engine('abs', ['numeric'], 'numeric'),
]
