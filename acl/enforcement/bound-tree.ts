import { caseBranch } from './case-branch.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BoundExpression,
  BoundFromItem,
  BoundGrouping,
  BoundQuery,
  BoundSelect,
  BoundSort,
  BoundWindow,
} from '../../store/bound.ts'

/** What to make of the direct parts of a node. */
export interface TreeMapper {
  readonly expression: (expression: BoundExpression) => BoundExpression
  readonly query: (query: BoundQuery) => BoundQuery
}

type Each = TreeMapper['expression']

function mapSorts(sorts: readonly BoundSort[], each: Each): readonly BoundSort[] {
  return sorts.map((sort) => ({
    ...sort,
    key: sort.key.kind === 'OutputReference' ? sort.key : each(sort.key),
  }))
}

function mapWindow(window: BoundWindow, each: Each): BoundWindow {
  const { frame } = window
  const bound = (one: NonNullable<typeof frame>['start']): typeof one =>
    one.offset === undefined ? one : { ...one, offset: each(one.offset) }
  return {
    partitionBy: window.partitionBy.map(each),
    orderBy: mapSorts(window.orderBy, each),
    ...(frame === undefined
      ? {}
      : { frame: { ...frame, start: bound(frame.start), end: bound(frame.end) } }),
  }
}

/** The expression with its direct parts replaced; a new kind does not compile until it is here. */
export function mapExpression(node: BoundExpression, mapper: TreeMapper): BoundExpression {
  const { expression: each, query } = mapper
  switch (node.kind) {
    case 'Constant':
    case 'Parameter':
    case 'SessionValue':
    case 'ColumnReference':
    case 'DefaultValue':
      return node
    case 'BinaryOperation':
    case 'DistinctTest':
      return { ...node, left: each(node.left), right: each(node.right) }
    case 'PrefixOperation':
    case 'Not':
    case 'NullTest':
    case 'BooleanTest':
    case 'Cast':
      return { ...node, operand: each(node.operand) }
    case 'Logical':
      return { ...node, operands: node.operands.map(each) }
    case 'Between':
      return { ...node, operand: each(node.operand), low: each(node.low), high: each(node.high) }
    case 'InList':
      return { ...node, operand: each(node.operand), items: node.items.map(each) }
    case 'LikeMatch':
      return {
        ...node,
        operand: each(node.operand),
        pattern: each(node.pattern),
        ...(node.escape === undefined ? {} : { escape: each(node.escape) }),
      }
    case 'QuantifiedArray':
      return { ...node, operand: each(node.operand), array: each(node.array) }
    case 'CaseExpression':
      return {
        ...node,
        ...(node.operand === undefined ? {} : { operand: each(node.operand) }),
        branches: node.branches.map((branch) => caseBranch(each(branch.when), each(branch.then))),
        ...(node.otherwise === undefined ? {} : { otherwise: each(node.otherwise) }),
      }
    case 'FunctionCall':
    case 'ConditionalCall':
    case 'GroupingCall':
      return { ...node, arguments: node.arguments.map(each) }
    case 'AggregateCall':
      return {
        ...node,
        arguments: node.arguments.map(each),
        orderBy: mapSorts(node.orderBy, each),
        ...(node.filter === undefined ? {} : { filter: each(node.filter) }),
      }
    case 'WindowCall':
      return {
        ...node,
        arguments: node.arguments.map(each),
        ...(node.filter === undefined ? {} : { filter: each(node.filter) }),
        window: mapWindow(node.window, each),
      }
    case 'ScalarSubquery':
    case 'ExistsSubquery':
    case 'ArraySubquery':
      return { ...node, query: query(node.query) }
    case 'QuantifiedSubquery':
      return { ...node, operands: node.operands.map(each), query: query(node.query) }
    case 'Variable':
      return { ...node, value: each(node.value) }
    case 'ArrayConstructor':
      return { ...node, elements: node.elements.map(each) }
    case 'RowConstructor':
      return { ...node, fields: node.fields.map(each) }
    case 'Subscript':
      return { ...node, operand: each(node.operand), index: each(node.index) }
    case 'Slice':
      return {
        ...node,
        operand: each(node.operand),
        ...(node.lower === undefined ? {} : { lower: each(node.lower) }),
        ...(node.upper === undefined ? {} : { upper: each(node.upper) }),
      }
    default:
      return unreachable(node)
  }
}

/** What to make of the direct parts of a query. */
export interface QueryMapper extends TreeMapper {
  readonly fromItem: (item: BoundFromItem) => BoundFromItem
}

/** The query with its direct parts replaced: subqueries, FROM items, expressions. */
export function mapQuery(node: BoundQuery, mapper: QueryMapper): BoundQuery {
  const { expression: each, query } = mapper
  return {
    ...node,
    with: node.with.map((cte) => ({ ...cte, query: query(cte.query) })),
    body: mapBody(node.body, mapper),
    orderBy: mapSorts(node.orderBy, each),
    ...(node.limit === undefined ? {} : { limit: each(node.limit) }),
    ...(node.offset === undefined ? {} : { offset: each(node.offset) }),
    ...(node.declarations === undefined
      ? {}
      : { declarations: node.declarations.map((one) => ({ ...one, value: each(one.value) })) }),
  }
}

function mapBody(body: BoundQuery['body'], mapper: QueryMapper): BoundQuery['body'] {
  switch (body.kind) {
    case 'Select':
      return mapSelect(body, mapper)
    case 'SetOperation':
      return { ...body, left: mapper.query(body.left), right: mapper.query(body.right) }
    case 'Values':
      return { ...body, rows: body.rows.map((row) => row.map(mapper.expression)) }
    default:
      return unreachable(body)
  }
}

function mapSelect(body: BoundSelect, mapper: QueryMapper): BoundSelect {
  const { expression: each, fromItem } = mapper
  return {
    ...body,
    distinct:
      body.distinct.kind === 'On'
        ? { kind: 'On', expressions: body.distinct.expressions.map(each) }
        : body.distinct,
    targets: body.targets.map(each),
    from: body.from.map(fromItem),
    ...(body.where === undefined ? {} : { where: each(body.where) }),
    groupBy: body.groupBy.map((item) => mapGrouping(item, each)),
    ...(body.having === undefined ? {} : { having: each(body.having) }),
  }
}

function mapGrouping(item: BoundGrouping, each: Each): BoundGrouping {
  switch (item.kind) {
    case 'Expression':
      return { kind: 'Expression', expression: each(item.expression) }
    case 'Set':
      return { kind: 'Set', expressions: item.expressions.map(each) }
    case 'Rollup':
    case 'Cube':
    case 'GroupingSets':
      return { ...item, items: item.items.map((one) => mapGrouping(one, each)) }
    default:
      return unreachable(item)
  }
}

/** The FROM item with its direct parts replaced. */
export function mapFromItem(item: BoundFromItem, mapper: QueryMapper): BoundFromItem {
  switch (item.kind) {
    case 'Relation':
    case 'CteReference':
    case 'ServerRelation':
      return item
    case 'Derived':
      return { ...item, query: mapper.query(item.query) }
    case 'TableFunction':
      return { ...item, arguments: item.arguments.map(mapper.expression) }
    case 'Join':
      return {
        ...item,
        left: mapper.fromItem(item.left),
        right: mapper.fromItem(item.right),
        ...(item.on === undefined ? {} : { on: mapper.expression(item.on) }),
      }
    default:
      return unreachable(item)
  }
}

/** Sees each expression of a tree, subqueries included, outermost first; `false` keeps out of its parts. */
export function visitExpressions(
  root: BoundExpression | BoundQuery,
  visit: (expression: BoundExpression, depth: number) => boolean,
): void {
  const mapperAt = (depth: number): QueryMapper => {
    const mapper: QueryMapper = {
      expression: (one) => {
        if (visit(one, depth)) mapExpression(one, mapper)
        return one
      },
      query: (one) => mapQuery(one, mapperAt(depth + 1)),
      fromItem: (one) => mapFromItem(one, mapper),
    }
    return mapper
  }
  if (root.kind === 'Query') mapQuery(root, mapperAt(1))
  else mapperAt(0).expression(root)
}
