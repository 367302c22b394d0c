import type { WindowRow } from './row.ts'

/** Functions that need OVER. */
export const windowRows: readonly WindowRow[] = [
  {
    kind: 'Window',
    name: 'row_number',
    arguments: [],
    result: 'int8',
    build: (args, complete, { result }) =>
      complete({ function: 'row_number', arguments: args, type: result }),
  },
]
