import type { BoundExpression } from '../../store/bound.ts'
import { mapExpression, mapFromItem, mapQuery } from './bound-tree.ts'
import type { QueryMapper } from './bound-tree.ts'

export interface Extent {
  readonly nodes: number
  readonly height: number
}

/** How many expressions there are in an expression, itself included, and how deep they lie. */
export function extentOf(root: BoundExpression): Extent {
  let nodes = 0
  let height = 0
  const mapperAt = (depth: number): QueryMapper => ({
    expression: (expression) => {
      nodes += 1
      height = Math.max(height, depth)
      mapExpression(expression, mapperAt(depth + 1))
      return expression
    },
    query: (query) => mapQuery(query, mapperAt(depth + 1)),
    fromItem: (item) => mapFromItem(item, mapperAt(depth + 1)),
  })
  mapperAt(1).expression(root)
  return { nodes, height }
}
