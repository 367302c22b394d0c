/**
 * EXPLAIN in our own words, from the bound tree: names of nodes and the user's own names. The engine's
 * plan is an oracle (duckdb-hardening.md, section 3.6): it shows physical names, estimates, and by an
 * empty result what a column does not hold. So no numbers here, no constants, and of a view nothing but
 * its name (questdb-rbac.md, V8).
 */
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BoundCte,
  BoundDelete,
  BoundFromItem,
  BoundInsert,
  BoundJoin,
  BoundQuery,
  BoundSelect,
  BoundTarget,
  BoundUpdate,
} from '../bound.ts'
import { contains, isAggregateCall, isWindowCall } from './contains.ts'

type Describable = BoundQuery | BoundInsert | BoundUpdate | BoundDelete

/** A line of the plan with what stands below it. */
interface PlanNode {
  readonly title: string
  readonly children: readonly PlanNode[]
}

/** The lines of EXPLAIN for a statement. */
export function describePlan(statement: Describable): readonly string[] {
  return linesOf(nodeOf(statement), 0)
}

function linesOf({ title, children }: PlanNode, depth: number): readonly string[] {
  const line = depth === 0 ? title : `${' '.repeat(depth * 6 - 4)}->  ${title}`
  return [line, ...children.flatMap((child) => linesOf(child, depth + 1))]
}

function nodeOf(statement: Describable): PlanNode {
  switch (statement.kind) {
    case 'Query':
      return queryNode(statement)
    case 'Insert':
      return {
        title: `Insert on ${nameOf(statement.target)}`,
        children: [
          ...cteNodes(statement.with),
          statement.source === undefined ? leaf('Result') : queryNode(statement.source),
        ],
      }
    case 'Update':
      return writeNode('Update', statement, statement.from)
    case 'Delete':
      return writeNode('Delete', statement, statement.using)
    default:
      return unreachable(statement)
  }
}

function writeNode(
  verb: 'Update' | 'Delete',
  statement: BoundUpdate | BoundDelete,
  others: readonly BoundFromItem[],
): PlanNode {
  const name = nameOf(statement.target)
  const scan = leaf(`Seq Scan on ${name}`)
  const joined = others.length === 0 ? scan : crossJoin([scan, ...others.map(fromNode)])
  const filtered = statement.where === undefined ? joined : above('Filter', joined)
  return { title: `${verb} on ${name}`, children: [...cteNodes(statement.with), filtered] }
}

function queryNode(query: BoundQuery): PlanNode {
  const body = bodyNode(query.body)
  const sorted = query.orderBy.length === 0 ? body : above('Sort', body)
  const isLimited = query.limit !== undefined || query.offset !== undefined
  const limited = isLimited ? above('Limit', sorted) : sorted
  const ctes = cteNodes(query.with)
  return { ...limited, children: [...ctes, ...limited.children] }
}

function cteNodes(ctes: readonly BoundCte[]): readonly PlanNode[] {
  return ctes.map(({ query }) => above('CTE', queryNode(query)))
}

function bodyNode(body: BoundQuery['body']): PlanNode {
  switch (body.kind) {
    case 'Select':
      return selectNode(body)
    case 'SetOperation': {
      const children = [queryNode(body.left), queryNode(body.right)]
      if (body.operator !== 'UNION') return { title: setOperationTitles[body.operator], children }
      const appended = { title: 'Append', children }
      return body.all ? appended : above('Unique', appended)
    }
    case 'Values':
      return leaf('Values Scan')
    default:
      return unreachable(body)
  }
}

const setOperationTitles = { INTERSECT: 'SetOp Intersect', EXCEPT: 'SetOp Except' } as const

function selectNode(select: BoundSelect): PlanNode {
  const items = select.from.map(fromNode)
  const source = items.length === 0 ? leaf('Result') : crossJoin(items)
  const filtered = select.where === undefined ? source : above('Filter', source)
  const aggregated = aggregates(select) ? above(aggregateTitle(select), filtered) : filtered
  const kept = select.having === undefined ? aggregated : above('Filter', aggregated)
  const isWindowed = select.targets.some((target) => contains(target, isWindowCall))
  const windowed = isWindowed ? above('WindowAgg', kept) : kept
  return select.distinct.kind === 'None' ? windowed : above('Unique', windowed)
}

function aggregates({ groupBy, having, targets }: BoundSelect): boolean {
  const isGrouped = groupBy.length > 0 || having !== undefined
  return isGrouped || targets.some((target) => contains(target, isAggregateCall))
}

function aggregateTitle({ groupBy }: BoundSelect): string {
  if (groupBy.length === 0) return 'Aggregate'
  return groupBy.every((item) => item.kind === 'Expression') ? 'HashAggregate' : 'MixedAggregate'
}

function fromNode(item: BoundFromItem): PlanNode {
  switch (item.kind) {
    case 'Relation':
      return leaf(`Seq Scan on ${nameOf(item)}`)
    case 'Derived':
      if (item.view !== undefined) return leaf(`View Scan on ${nameOf({ name: item.view })}`)
      return above('Subquery Scan', queryNode(item.query))
    case 'CteReference':
      return leaf('CTE Scan')
    case 'TableFunction':
      return leaf(`Function Scan on ${item.function}`)
    case 'ServerRelation':
      return leaf(`Function Scan on ${item.relation}`)
    case 'Join':
      return joinNode(item)
    default:
      return unreachable(item)
  }
}

const joinTitles = {
  INNER: 'Join',
  LEFT: 'Left Join',
  RIGHT: 'Right Join',
  FULL: 'Full Join',
  CROSS: 'Nested Loop',
  ASOF: 'Asof Join',
} as const satisfies Record<BoundJoin['join'], string>

/** A join is by hash where some condition is an equality, else a nested loop, as PostgreSQL would have it. */
function joinNode({ join, left, right, on }: BoundJoin): PlanNode {
  const children = [fromNode(left), fromNode(right)]
  if (join === 'CROSS' || on === undefined) return { title: joinTitles.CROSS, children }
  if (join === 'ASOF') return { title: joinTitles.ASOF, children }
  const isEquality = contains(
    on,
    (part) => part.kind === 'BinaryOperation' && part.operator === '=',
  )
  if (isEquality) return { title: `Hash ${joinTitles[join]}`, children }
  return { title: join === 'INNER' ? 'Nested Loop' : `Nested Loop ${joinTitles[join]}`, children }
}

function crossJoin(items: readonly PlanNode[]): PlanNode {
  const [first = leaf('Result'), ...rest] = items
  return rest.reduce((left, right) => ({ title: joinTitles.CROSS, children: [left, right] }), first)
}

function nameOf({ name }: Pick<BoundTarget, 'name'>): string {
  return name.schema === 'public' ? name.name : `${name.schema}.${name.name}`
}

function leaf(title: string): PlanNode {
  return { title, children: [] }
}

function above(title: string, child: PlanNode): PlanNode {
  return { title, children: [child] }
}
