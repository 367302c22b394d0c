import type { Alias, FuncCall, Node as SyntaxNode, RangeFunction, RangeVar } from '@pgsql/types'
import type { SqlType, SqlValue } from '../../../store/sql-type.ts'
import { foldName, relationName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import { signatureText } from '../../types/functions.ts'
import { notSupported, unknownFunction } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import { stringOf } from '../syntax.ts'
import { serverRelations, systemRelations } from '../../server-relations.ts'
import { derivedColumns } from './derived-columns.ts'
import { renameColumns, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'

/** `all_permissions()`, `permissions('x')`, `tables()`: rows that the server answers for who asks (9.5). */
export function bindServerRelation(
  name: string,
  call: FuncCall,
  node: RangeFunction,
  scope: Scope,
): FromDraft | undefined {
  const found = serverRelations.get(name)
  if (found === undefined) return undefined
  const { context } = scope
  const offset = context.offsetOf(call.location)
  const constant = found.argument === 'Integer' ? constantInteger : constantText
  const args = (call.args ?? []).map((argument) => constant(argument, offset))
  const [fewest, most] = found.arity
  if (args.length < fewest || args.length > most) {
    const types = args.map((): 'unknown' => 'unknown')
    throw unknownFunction(signatureText(name, types), offset)
  }
  if (node.ordinality === true) throw notSupported('WITH ORDINALITY here', offset)
  return serverDraft(
    { relation: name, args, columns: found.columns, name, alias: node.alias },
    scope,
  )
}

/** `information_schema.tables`: a relation whose rows the server answers for who asks (G60). */
export function bindSystemRelation(range: RangeVar, scope: Scope): FromDraft | undefined {
  const { schemaname: schema, relname: name = '', catalogname, alias } = range
  if (schema === undefined || catalogname !== undefined) return undefined
  const relation = `${foldName(schema)}.${foldName(name)}`
  const found = systemRelations.get(relation)
  if (found === undefined) return undefined
  const said = relationName({ schema, name })
  const { columns } = found
  return serverDraft({ relation, args: [], columns, name, alias, said }, scope)
}

function serverDraft(
  given: {
    /** Under which the server knows it. */
    readonly relation: string
    readonly args: readonly SqlValue[]
    readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
    readonly name: string
    readonly alias: Alias | undefined
    /** Its name with its schema, by which its columns may be called too. */
    readonly said?: RelationName
  },
  scope: Scope,
): FromDraft {
  const { context } = scope
  const { columns, said } = given
  const alias = given.alias?.aliasname ?? given.name
  const range = context.newRange({
    name: alias,
    scope,
    columnName: (column) => columns[column - 1]?.name ?? '',
  })
  scope.ownRanges.add(range)
  const item = visibleItem({
    name: { text: alias, key: foldName(alias) },
    ...(said === undefined || given.alias !== undefined ? {} : { relation: said }),
    columns: renameColumns(derivedColumns(columns, { context, range }), given.alias, {
      scope,
      name: alias,
    }),
    missing: () => undefined,
  })
  return {
    item,
    items: [item],
    build: () => ({
      kind: 'ServerRelation',
      range,
      relation: given.relation,
      arguments: given.args,
      columns,
    }),
  }
}

/** A name in a string literal: it is looked up when the statement runs. */
function constantText(node: SyntaxNode, offset: number | undefined): SqlValue {
  const text =
    'A_Const' in node && node.A_Const.sval !== undefined
      ? stringOf({ String: node.A_Const.sval })
      : undefined
  if (text === undefined) throw notSupported('an argument that is no string literal', offset)
  return text
}

/** How many, or from where: also known when the statement is bound. */
function constantInteger(node: SyntaxNode, offset: number | undefined): SqlValue {
  const integer = 'A_Const' in node ? node.A_Const.ival : undefined
  if (integer === undefined) throw notSupported('an argument that is no integer literal', offset)
  return integer.ival ?? 0
}
