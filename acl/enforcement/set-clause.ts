import type { MultiAssignRef, Node as SyntaxNode } from '@pgsql/types'
import type { BoundAssignment, BoundExpression, BoundQuery } from '../../store/bound.ts'
import { foldName } from '../names.ts'
import type { Column } from '../schema.ts'
import { assignTo } from './assignment.ts'
import {
  areNotSupported,
  notSupported,
  syntaxError,
  unknownColumn,
  wrongObject,
} from './binding-errors.ts'
import { permission } from '../permission-registry.ts'
import { requiredColumn } from './required-column.ts'
import type { Scope } from './scope.ts'
import type { TypedExpression } from './typed-expression.ts'
import { failedExpression } from './typed-expression.ts'
import type { WriteTarget } from './write-target.ts'

/**
 * SET of UPDATE and of ON CONFLICT DO UPDATE: UPDATE on each column assigned. The designated timestamp
 * is refused to everybody (G43).
 */
export function bindSetClause(
  nodes: readonly SyntaxNode[] | undefined,
  { target, scope }: { readonly target: WriteTarget; readonly scope: Scope },
): readonly BoundAssignment[] {
  const assigned = assignedColumns(nodes, { target, scope })
  requireUpdate(assigned, { target, scope })
  return (nodes ?? []).flatMap((node, index): readonly BoundAssignment[] => {
    const column = assigned[index]?.column
    if (!('ResTarget' in node) || node.ResTarget.val === undefined) return []
    const value = bindAssigned(node.ResTarget.val, column, scope)
    return column === undefined ? [] : [{ attnum: column.attnum, value }]
  })
}

/** A column that SET names, and how it names it. */
interface Assigned {
  readonly column: Column
  readonly written: string
}

interface SetPlace {
  readonly target: WriteTarget
  readonly scope: Scope
}

function assignedColumns(
  nodes: readonly SyntaxNode[] | undefined,
  { target, scope }: SetPlace,
): readonly (Assigned | undefined)[] {
  const { context } = scope
  const seen = new Set<string>()
  return (nodes ?? []).map((node) => {
    if (!('ResTarget' in node)) throw notSupported('this SET clause', undefined)
    const { name = '', indirection, location } = node.ResTarget
    const offset = context.offsetOf(location)
    // Not thrown: who may not update the column learns that first, as of a table that is not there (R9).
    if (indirection !== undefined) {
      context.fail(areNotSupported('assignments to parts of columns', offset))
    }
    const key = foldName(name)
    if (seen.has(key)) {
      context.fail(syntaxError(`multiple assignments to same column "${name}"`, offset))
    }
    seen.add(key)
    if (target.table === undefined) return undefined
    const column = target.table.columns.find((one) => one.key === key)
    if (column === undefined) {
      context.requirements.addOwn({
        kind: 'UnknownColumn',
        permission: permission('UPDATE'),
        relation: target.name,
        column: name,
      })
      context.fail(unknownColumn(name, offset))
      return undefined
    }
    if (column.attnum === target.table.designatedTimestamp) {
      context.fail(wrongObject('Designated timestamp column cannot be updated', offset))
    } else if (target.table.dedupKeys.includes(column.attnum)) {
      // QuestDB refuses it too: rows would meet that no INSERT had put in each other's place.
      context.fail(
        areNotSupported(`updates of column "${column.name}", a deduplication key,`, offset),
      )
    }
    return { column, written: name }
  })
}

function requireUpdate(
  assigned: readonly (Assigned | undefined)[],
  { target, scope }: SetPlace,
): void {
  const named = assigned
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.column.attnum - b.column.attnum)
  if (named.length === 0) return
  scope.context.requirements.addOwn({
    kind: 'Columns',
    permission: permission('UPDATE'),
    relation: target.name,
    columns: named.map(({ column, written }) =>
      requiredColumn({ ...column, name: written }, false),
    ),
  })
}

function bindAssigned(node: SyntaxNode, column: Column | undefined, scope: Scope): BoundExpression {
  const { context } = scope
  if ('SetToDefault' in node) return { kind: 'DefaultValue' }
  return context.attempt(() => {
    const value =
      'MultiAssignRef' in node
        ? bindMultiple(node.MultiAssignRef, scope)
        : context.binders.expression(node, scope, 'UPDATE')
    if (value === 'Default') return { kind: 'DefaultValue' }
    return column === undefined ? value.expression : assignTo(context, column, value)
  }, failedExpression)
}

/** `SET (a, b) = (1, 2)`, `SET (a, b) = (SELECT ...)`: one member of the right side. */
function bindMultiple(node: MultiAssignRef, scope: Scope): TypedExpression | 'Default' {
  const { context } = scope
  const { source, colno = 1, ncolumns = 1 } = node
  if (source !== undefined && 'RowExpr' in source) {
    const fields = source.RowExpr.args ?? []
    const field = fields[colno - 1]
    if (fields.length !== ncolumns || field === undefined) {
      throw syntaxError(
        'number of columns does not match number of values',
        context.offsetOf(source.RowExpr.location),
      )
    }
    return 'SetToDefault' in field ? 'Default' : context.binders.expression(field, scope, 'UPDATE')
  }
  if (source !== undefined && 'SubLink' in source) {
    const { subselect, location } = source.SubLink
    if (subselect !== undefined && 'SelectStmt' in subselect) {
      const query = context.binders.query(subselect.SelectStmt, scope)
      if (query.columns.length !== ncolumns) {
        throw syntaxError(
          'number of columns does not match number of values',
          context.offsetOf(location),
        )
      }
      return columnOf(query, colno, { scope, location })
    }
  }
  throw notSupported('this source of several assignments', undefined)
}

/** One column of a query as a value. */
function columnOf(
  query: BoundQuery,
  position: number,
  { scope, location }: { readonly scope: Scope; readonly location: number | undefined },
): TypedExpression {
  const column = query.columns[position - 1]
  const type = column?.type
  const range = scope.context.newHiddenRange()
  const typed = type === undefined ? {} : { type }
  const single: BoundQuery = {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: [{ kind: 'ColumnReference', range, column: position, ...typed }],
      from: [{ kind: 'Derived', range, query, lateral: false }],
      groupBy: [],
    },
    orderBy: [],
    columns: [{ name: column?.name ?? '?column?', ...typed }],
  }
  return { expression: { kind: 'ScalarSubquery', query: single, ...typed }, type, location }
}
