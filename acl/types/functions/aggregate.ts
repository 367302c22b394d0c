import { aggregate } from './make-row.ts'
import type { AggregateRow } from './row.ts'

/** Aggregate functions. */
export const aggregateRows: readonly AggregateRow[] = [
  {
    kind: 'Aggregate',
    name: 'count',
    arguments: [],
    star: true,
    result: 'int8',
    build: (_args, complete, { result }) =>
      complete({ function: 'count', arguments: [], star: true, type: result }),
  },
  aggregate('count', ['any'], 'int8'),
]
