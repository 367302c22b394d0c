import type { SortBy } from '@pgsql/types'
import type { BoundSort } from '../../store/bound.ts'
import type { BindContext } from './bind-context.ts'
import { notSupported } from './binding-errors.ts'
import { locationOf } from './syntax.ts'

/** ASC, DESC, NULLS FIRST, NULLS LAST of a sort key. */
export function sortDirection(node: SortBy, context: BindContext): Omit<BoundSort, 'key'> {
  if (node.sortby_dir === 'SORTBY_USING') {
    throw notSupported('ORDER BY ... USING', context.offsetOf(locationOf(node.node)))
  }
  const descending = node.sortby_dir === 'SORTBY_DESC'
  if (node.sortby_nulls === 'SORTBY_NULLS_FIRST') return { descending, nulls: 'FIRST' }
  if (node.sortby_nulls === 'SORTBY_NULLS_LAST') return { descending, nulls: 'LAST' }
  return { descending }
}
