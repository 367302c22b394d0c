import type { FuncCall, RangeFunction } from '@pgsql/types'
import type { BoundTableFunction } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { signatureText } from '../../types/functions.ts'
import { resolveTableFunction } from '../../types/table-functions.ts'
import {
  areNotSupported,
  notSupported,
  refuseServerFunction,
  unknownFunction,
} from '../binding-errors.ts'
import { argumentType } from '../coercion.ts'
import { coerceArguments, withPlace } from '../expression/call-parts.ts'
import { anyFailed, operandOf } from '../expression/operand.ts'
import type { Scope } from '../scope.ts'
import { aliasColumnNames, itemsOf, stringsOf } from '../syntax.ts'
import { int8Type } from '../typed-expression.ts'
import { bindTablePartitions } from '../partitions/show-partitions.ts'
import { derivedColumns } from './derived-columns.ts'
import { renameColumns, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'
import { bindServerRelation } from './server-relation.ts'
import { withLateral } from './subquery.ts'

/** A function in FROM: a set-returning one, or a relation that the server itself answers. */
export function bindRangeFunction(node: RangeFunction, scope: Scope): FromDraft {
  const { context } = scope
  const call = onlyCall(node)
  const offset = context.offsetOf(call.location)
  refuseForms(node, call, offset)
  refuseServerFunction(call, offset)
  const names = stringsOf(call.funcname)
  const name = names.at(-1) ?? ''
  if (names.length === 1 && name === 'table_partitions') {
    return bindTablePartitions(call, node, scope)
  }
  const server = names.length === 1 ? bindServerRelation(name, call, node, scope) : undefined
  if (server !== undefined) return server
  // A function in FROM sees the items to its left without the word LATERAL.
  const args = withLateral(scope, true, () =>
    (call.args ?? []).map((argument) => operandOf(argument, scope, 'functions in FROM')),
  )
  const types = args.map(argumentType)
  const qualified = names.length > 1 && !(names.length === 2 && names[0] === 'pg_catalog')
  const resolved = qualified
    ? undefined
    : withPlace(offset, () => resolveTableFunction({ name, arguments: types }))
  if (anyFailed(args) || resolved === undefined) {
    throw unknownFunction(signatureText(names.join('.'), types), offset)
  }
  const coerced = coerceArguments(context, args, resolved.arguments)
  const alias = node.alias?.aliasname ?? name
  const withOrdinality = node.ordinality ?? false
  // An alias names the function's only column as well.
  const columnName = resolved.columns.length === 1 ? alias : name
  const columns = [
    ...resolved.columns.map((type) => ({ name: columnName, type })),
    ...(withOrdinality ? [{ name: 'ordinality', type: int8Type }] : []),
  ]
  const written = aliasColumnNames(node.alias)
  const range = context.newRange({
    name: alias,
    scope,
    columnName: (column) => written[column - 1] ?? columns[column - 1]?.name ?? '',
  })
  scope.ownRanges.add(range)
  const item = visibleItem({
    name: { text: alias, key: foldName(alias) },
    columns: renameColumns(derivedColumns(columns, { context, range }), node.alias, {
      scope,
      name: alias,
    }),
    missing: () => undefined,
  })
  const bound: BoundTableFunction = {
    kind: 'TableFunction',
    range,
    function: resolved.function,
    arguments: coerced,
    columnCount: columns.length,
    withOrdinality,
    lateral: true,
  }
  return { item, items: [item], build: () => bound }
}

/** The one call; ROWS FROM of several is refused. */
function onlyCall(node: RangeFunction): FuncCall {
  const [first, ...others] = node.functions ?? []
  const [call] = itemsOf(first)
  if (others.length > 0 || node.is_rowsfrom === true) throw notSupported('ROWS FROM', undefined)
  if (call === undefined || !('FuncCall' in call)) {
    throw notSupported('this function in FROM', undefined)
  }
  return call.FuncCall
}

function refuseForms(node: RangeFunction, call: FuncCall, offset: number | undefined): void {
  if (node.coldeflist !== undefined) throw areNotSupported('column definition lists', offset)
  const special =
    call.agg_star ?? call.agg_distinct ?? call.func_variadic ?? call.agg_within_group ?? false
  if (special || call.agg_order || call.agg_filter || call.over) {
    throw notSupported('this call in FROM', offset)
  }
}
