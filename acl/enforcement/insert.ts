import type { InsertStmt, Node as SyntaxNode, SelectStmt } from '@pgsql/types'
import type { BoundExpression, BoundInsert, BoundQuery } from '../../store/bound.ts'
import { foldName } from '../names.ts'
import type { Column } from '../schema.ts'
import { canCoerce } from '../types/coerce.ts'
import { typeText } from '../types/type-name.ts'
import { assignTo } from './assignment.ts'
import {
  areNotSupported,
  datatypeMismatch,
  notSupported,
  syntaxError,
  duplicateColumn,
  unknownColumn,
} from './binding-errors.ts'
import { typeWords } from './coercion.ts'
import { bindOnConflict } from './on-conflict.ts'
import { finishDraftAs } from './query/select-draft.ts'
import { bindWith } from './query/with.ts'
import { permission } from '../permission-registry.ts'
import { bindReturning } from './returning.ts'
import { Scope } from './scope.ts'
import { itemsOf, locationOf } from './syntax.ts'
import { failedExpression } from './typed-expression.ts'
import { refuseBesideUpsert, upsertField } from './upsert.ts'
import { bindWriteTarget } from './write-target.ts'
import type { WriteTarget } from './write-target.ts'

/** INSERT (analyze.c, transformInsertStmt). */
export function bindInsert(tree: InsertStmt, scope: Scope): BoundInsert {
  const { context } = scope
  const { relation } = tree
  if (relation === undefined) throw notSupported('this INSERT', undefined)
  if (tree.override !== undefined && tree.override !== 'OVERRIDING_NOT_SET') {
    throw notSupported('OVERRIDING', context.offsetOf(relation.location))
  }
  const withClause = bindWith(tree.withClause, scope)
  const target = bindWriteTarget(relation, scope, 'INSERT')
  if (target.table !== undefined) {
    context.requirements.addOwn({
      kind: 'Relation',
      permission: permission('INSERT'),
      relation: target.name,
    })
  }
  const listed = bindColumnList(tree.cols, target, scope)
  const source = bindSource(tree.selectStmt, { listed, target, scope })
  // The rows to be inserted cannot see the table; ON CONFLICT and RETURNING can.
  scope.items = [target.item]
  const onConflict =
    tree.onConflictClause === undefined
      ? undefined
      : bindOnConflict(tree.onConflictClause, { target, scope })
  scope.items = [target.item]
  const returning = bindReturning(tree.returningClause, { target, scope })
  refuseBesideUpsert(tree, target, context)
  return {
    kind: 'Insert',
    with: withClause.ctes,
    recursive: withClause.recursive,
    target: target.bound,
    columns: source.columns.map(({ attnum }) => attnum),
    ...(source.query === undefined ? {} : { source: source.query }),
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(target.table === undefined ? {} : upsertField(target.table)),
    ...(returning === undefined ? {} : { returning }),
  }
}

/** The columns in parentheses after the table; `undefined` if there are none. */
function bindColumnList(
  nodes: readonly SyntaxNode[] | undefined,
  target: WriteTarget,
  scope: Scope,
): readonly Column[] | undefined {
  if (nodes === undefined) return undefined
  const { context } = scope
  const seen = new Set<string>()
  return nodes.flatMap((node) => {
    if (!('ResTarget' in node)) throw notSupported('this column list', undefined)
    const { name = '', indirection, location } = node.ResTarget
    const offset = context.offsetOf(location)
    if (indirection !== undefined) throw areNotSupported('parts of columns', offset)
    const key = foldName(name)
    if (seen.has(key)) context.fail(duplicateColumn(name, offset))
    seen.add(key)
    if (target.table === undefined) return []
    const column = target.table.columns.find((one) => one.key === key)
    if (column !== undefined) return [column]
    context.requirements.addOwn({
      kind: 'UnknownColumn',
      permission: permission('INSERT'),
      relation: target.name,
      column: name,
    })
    context.fail(unknownColumn(name, offset))
    return []
  })
}

interface SourcePlace {
  readonly listed: readonly Column[] | undefined
  readonly target: WriteTarget
  readonly scope: Scope
}

/** The rows, and the columns that they fill. */
interface BoundSource {
  readonly columns: readonly Column[]
  readonly query?: BoundQuery
}

function bindSource(node: SyntaxNode | undefined, place: SourcePlace): BoundSource {
  if (node === undefined) return { columns: [] }
  if (!('SelectStmt' in node)) throw notSupported('this source of rows', undefined)
  const tree = node.SelectStmt
  return isPlainValues(tree) ? bindRows(tree, place) : bindSelected(tree, place)
}

/** VALUES alone: its literals take the types of the columns, DEFAULT may stand in it. */
function isPlainValues(tree: SelectStmt): boolean {
  return (
    tree.valuesLists !== undefined &&
    tree.withClause === undefined &&
    tree.sortClause === undefined &&
    tree.limitCount === undefined &&
    tree.limitOffset === undefined
  )
}

function bindRows(tree: SelectStmt, place: SourcePlace): BoundSource {
  const { scope } = place
  const { context } = scope
  const lists = (tree.valuesLists ?? []).map((row) => itemsOf(row))
  const width = lists[0]?.length ?? 0
  const other = lists.find((row) => row.length !== width)
  if (other !== undefined) {
    const offset = context.offsetOf(locationOf(other[0]))
    throw syntaxError('VALUES lists must all be the same length', offset)
  }
  const extra = lists[0]?.[place.listed?.length ?? place.target.table?.columns.length ?? width]
  const columns = filledColumns(width, place, locationOf(extra))
  const inner = new Scope(context, scope)
  const rows = lists.map((row) => row.map((item, index) => bindValue(item, columns[index], inner)))
  return {
    columns,
    query: {
      kind: 'Query',
      with: [],
      recursive: false,
      body: { kind: 'Values', rows },
      orderBy: [],
      columns: columns.map(({ name, type }) => ({ name, type })),
    },
  }
}

function bindValue(node: SyntaxNode, column: Column | undefined, scope: Scope): BoundExpression {
  const { context } = scope
  if ('SetToDefault' in node) {
    return { kind: 'DefaultValue', ...(column === undefined ? {} : { type: column.type }) }
  }
  const value = context.binders.expression(node, scope, 'VALUES')
  if (column === undefined) return value.expression
  return context.attempt(() => assignTo(context, column, value), failedExpression)
}

function bindSelected(tree: SelectStmt, place: SourcePlace): BoundSource {
  const { scope } = place
  const { context } = scope
  const draft = context.binders.draft(tree, scope)
  const columns = filledColumns(draft.columns.length, place)
  for (const [index, { value }] of draft.columns.entries()) {
    const column = columns[index]
    if (column === undefined || value.type === undefined) continue
    if (canCoerce({ from: value.type, to: column.type, context: 'assignment' })) continue
    throw datatypeMismatch(
      `column "${column.name}" is of type ${typeText(column.type)} but expression is of type ${typeWords(value.type)}`,
      context.offsetOf(value.location),
      'You will need to rewrite or cast the expression.',
    )
  }
  const types = columns.map(({ type }) => type)
  return { columns, query: finishDraftAs(context, draft, { types, context: 'assignment' }) }
}

/** Without a list the first columns of the table are filled, as many as there are values. */
function filledColumns(
  width: number,
  { listed, target, scope }: SourcePlace,
  extraLocation?: number,
): readonly Column[] {
  const { context } = scope
  const { table } = target
  if (table === undefined || context.error !== undefined) return (listed ?? []).slice(0, width)
  const columns = listed ?? table.columns.slice(0, width)
  if (width > columns.length) {
    throw syntaxError(
      'INSERT has more expressions than target columns',
      context.offsetOf(extraLocation),
    )
  }
  if (width < columns.length) {
    throw syntaxError('INSERT has more target columns than expressions', undefined)
  }
  return columns
}
