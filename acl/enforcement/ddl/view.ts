import type {
  AlterView,
  CompileView,
  CreateView,
  DropView,
  Name,
  QuerySyntax,
} from '../../../parser/statement.ts'
import type { SelectStmt } from '@pgsql/types'
import type { BoundFromItem, BoundQuery } from '../../../store/bound.ts'
import { foldName, relationKey } from '../../names.ts'
import type { RelationKey, RelationName } from '../../names.ts'
import type { Column, View } from '../../schema.ts'
import { typeText } from '../../types/type-name.ts'
import {
  alreadyExists,
  circularView,
  duplicateColumn,
  invalidTableDefinition,
  notSupported,
  unknownParameter,
  wrongObject,
} from '../binding-errors.ts'
import { mapFromItem, mapQuery, mapExpression } from '../bound-tree.ts'
import type { QueryMapper } from '../bound-tree.ts'
import { checkDeclarations } from '../check-declarations.ts'
import { bindDeclarations } from '../declarations.ts'
import { toOid } from '../oid.ts'
import { renameOutput } from '../query/rename-output.ts'
import { Scope } from '../scope.ts'
import { checkSyntax } from '../syntax-gate.ts'
import { expandView } from '../view/expand-view.ts'
import { newRelationName } from './new-name.ts'
import { withStarsWrittenOut } from './written-out-stars.ts'
import { ownedByField } from './schema-draft.ts'
import type { SchemaDraft } from './schema-draft.ts'
import { doesNotExist, existsAlready } from './schema-notices.ts'

/** CREATE [OR REPLACE] VIEW: CREATE VIEW, ALTER VIEW on one that is replaced (V2, D43), SELECT for the query. */
export function bindCreateView(statement: CreateView, draft: SchemaDraft): void {
  const { context } = draft
  draft.needDatabase('CREATE VIEW')
  const name = newRelationName(statement.view, context.options)
  const existing = context.options.schema.relation(name.key)
  const offset = statement.view.name.span.start
  if (existing !== undefined && statement.ifNotExists && existing.kind === 'View') {
    draft.notice(existsAlready('relation', name.name))
    return
  }
  const replaced = statement.orReplace && existing?.kind === 'View' ? existing : undefined
  if (replaced !== undefined) draft.needRelation('ALTER VIEW', name)
  if (existing !== undefined && replaced === undefined) {
    draft.fail(alreadyExists(existing.kind === 'Table' ? 'table' : 'view', offset))
  }
  const definition = bindDefinition(statement.query, draft, {
    name,
    columnNames: statement.columnNames ?? [],
  })
  if (definition === undefined) return
  draft.change({
    kind: 'CreateView',
    oid: replaced?.oid ?? toOid(context.options.allocateOid()),
    relation: name,
    columns: definition.columns,
    text: definition.text,
    ...(statement.columnNames === undefined ? {} : { columnsNamed: true }),
    definition: definition.query,
    mode: replaced === undefined ? 'Create' : 'Replace',
    ...(replaced === undefined ? ownedByField(statement.ownedBy) : {}),
  })
}

/** ALTER VIEW v AS (query): ALTER VIEW on it, and SELECT for the new definition. */
export function bindAlterView(statement: AlterView, draft: SchemaDraft): void {
  const view = requireView(draft, statement.view, 'ALTER VIEW')
  const name = draft.find(statement.view).name
  const definition = bindDefinition(statement.query, draft, { name, columnNames: [] })
  if (view === undefined || definition === undefined) return
  draft.change({
    kind: 'CreateView',
    oid: view.oid,
    relation: name,
    columns: definition.columns,
    text: definition.text,
    definition: definition.query,
    mode: 'Replace',
  })
}

/** DROP VIEW v, ... */
export function bindDropView(statement: DropView, draft: SchemaDraft): void {
  const seen = new Set<string>()
  for (const written of statement.views) {
    const { name, relation } = draft.find(written)
    if (relation === undefined && statement.ifExists) {
      draft.notice(doesNotExist('view', name.name))
      continue
    }
    const view = requireView(draft, written, 'DROP VIEW')
    if (view === undefined || seen.has(view.key)) continue
    seen.add(view.key)
    draft.change({
      kind: 'DropRelation',
      relationKind: 'View',
      relation: name,
      oid: view.oid,
      cascadePermissions: statement.cascadePermissions,
    })
  }
}

/** COMPILE VIEW v: the definition is bound again, which says what it lacks; nothing changes (V10, V12). */
export function bindCompileView(statement: CompileView, draft: SchemaDraft): void {
  const view = requireView(draft, statement.view, 'COMPILE VIEW')
  if (view !== undefined) expandView(view, { context: draft.context, location: undefined })
}

/** The view that a statement is about; the permission is noted first, by name (V9, G61). */
function requireView(
  draft: SchemaDraft,
  written: AlterView['view'],
  permissionText: string,
): View | undefined {
  const { name, relation } = draft.find(written)
  const offset = written.name.span.start
  if (relation === undefined) {
    draft.missing(permissionText, name, { kind: 'view', offset })
    return undefined
  }
  draft.needRelation(permissionText, name)
  if (relation.kind === 'View') return relation
  draft.fail(wrongObject(`${name.name} is not a view`, offset))
  return undefined
}

interface Definition {
  readonly query: BoundQuery
  readonly columns: readonly Column[]
  readonly text: string
}

/** The query of a view, bound for good: stars are written out, columns are fixed (V5). */
function bindDefinition(
  syntax: QuerySyntax<SelectStmt>,
  draft: SchemaDraft,
  given: { readonly name: RelationName; readonly columnNames: readonly Name[] },
): Definition | undefined {
  const { context } = draft
  checkSyntax({ SelectStmt: syntax.tree }, context)
  checkDeclarations(syntax)
  const declarations = bindDeclarations(syntax, context, 'View')
  const bound = context.binders.query(syntax.tree, new Scope(context))
  const query = renameOutput(
    bound,
    given.columnNames.map(({ text }) => text),
    context,
  )
  if (context.error !== undefined) return undefined
  if (context.parameters.list().length > 0) throw unknownParameter(1, undefined)
  if (viewsIn(query).has(given.name.key)) throw circularView()
  return {
    query: declarations.length === 0 ? query : { ...query, declarations },
    columns: viewColumns(query),
    text: withStarsWrittenOut(syntax, context),
  }
}

function viewColumns(query: BoundQuery): readonly Column[] {
  const seen = new Set<string>()
  return query.columns.map(({ name, type }, index) => {
    const key = foldName(name)
    if (seen.has(key)) throw duplicateColumn(name, undefined)
    seen.add(key)
    if (type === undefined || type.kind === 'Record') {
      throw invalidTableDefinition(`column "${name}" has pseudo-type record`, undefined)
    }
    return {
      attnum: index + 1,
      name,
      key,
      type,
      declaredType: typeText(type),
      notNull: false,
      hasDefault: false,
    }
  })
}

/**
 * Every view that the query reads, through other views too (V11).
 * @throws SqlError 0A000 for what a view cannot keep
 */
function viewsIn(query: BoundQuery): ReadonlySet<RelationKey> {
  const keys = new Set<RelationKey>()
  const mapper: QueryMapper = {
    expression: (expression) => mapExpression(expression, mapper),
    query: (inner) => mapQuery(inner, mapper),
    fromItem: (item: BoundFromItem) => {
      if (item.kind === 'Derived' && item.view !== undefined) keys.add(relationKey(item.view))
      // Its rows are bound to the partitioning of the moment, and to what lies detached.
      if (item.kind === 'Derived' && item.partitions === true) {
        throw notSupported('table_partitions() in a view', undefined)
      }
      return mapFromItem(item, mapper)
    },
  }
  mapQuery(query, mapper)
  return keys
}
