/** Functions that the server itself answers, usable in FROM (questdb-rbac.md, 9.5, W19). */
import { invariant } from '../errors/invariant.ts'
import type { SqlValue } from '../store/sql-type.ts'
import { principalDoesNotExist } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { checkpointStatus } from './checkpoint-status.ts'
import { compareNames } from './compare-names.ts'
import type { Principal, PrincipalKind } from './effect.ts'
import { auditLog } from './audit-log.ts'
import { copyLog } from './copy-log.ts'
import { booleanColumn, textColumn, type ListingColumn, type ListingRow } from './listing.ts'
import { informationSchema } from './information-schema.ts'
import type { AccessModel } from './model.ts'
import { relationName } from './names.ts'
import { expandedRows, ownRows, type PermissionRow } from './permission-rows.ts'
import { permission, permissionDescriptions } from './permission-registry.ts'
import { queryActivity } from './query-activity.ts'
import type { RowsRequest, ServerRelation } from './server-relation.ts'
import { columnListingColumns, showColumns } from './show-columns.ts'
import { permissionColumns, showPermissions } from './show.ts'
import { tables, walTables } from './table-listing.ts'

const grantColumns: readonly ListingColumn[] = [
  textColumn('entity_name'),
  textColumn('entity_type'),
  textColumn('permission'),
  textColumn('table_name'),
  textColumn('column_name'),
  booleanColumn('grant_option'),
]

/** By name in lower case. The rows are the actor's: what it may not see is not among them. */
export const serverRelations: ReadonlyMap<string, ServerRelation> = new Map(
  Object.entries({
    checkpoint_status: checkpointStatus,
    all_permissions: {
      columns: [textColumn('permission'), textColumn('level'), textColumn('description')],
      arity: [0, 0],
      rows: () => permissionDescriptions.map((row) => [row.name, row.level, row.description]),
    },
    permissions: {
      columns: permissionColumns,
      arity: [0, 1],
      rows: ({ model, actor, args }) => {
        const name = args.length === 0 ? undefined : nameArgument(args)
        return showPermissions(model, actor, name).rows
      },
    },
    active_permissions: {
      columns: grantColumns,
      arity: [0, 0],
      rows: ({ model, actor }) => allRows(model, actor, expandedRows),
    },
    active_grants: {
      columns: grantColumns,
      arity: [0, 0],
      rows: ({ model, actor }) => allRows(model, actor, ownRows),
    },
    tables,
    wal_tables: walTables,
    table_columns: {
      columns: columnListingColumns,
      arity: [1, 1],
      rows: ({ model, actor, args }) =>
        showColumns(model, actor, relationName({ name: nameArgument(args) })).rows,
    },
    query_activity: queryActivity,
    copy_log: copyLog,
    audit_log: auditLog,
  } satisfies Readonly<Record<string, ServerRelation>>),
)

/** Relations in schemas of their own that the server itself answers, by `schema.name` in lower case. */
export const systemRelations: ReadonlyMap<string, ServerRelation> = new Map(
  Array.from(informationSchema, ([name, relation]) => [`information_schema.${name}`, relation]),
)

/**
 * The rows of a server relation for the actor, in the order of its columns.
 * @throws SqlError 42501, 42704, as the SHOW statement of the same content
 */
export function serverRelationRows(relation: string, request: RowsRequest): readonly ListingRow[] {
  return named(relation).rows(request)
}

/**
 * Decides over the rows of a server relation without reading them, where that can be.
 * @throws SqlError what {@link serverRelationRows} throws
 */
export function requireServerRelation(relation: string, request: RowsRequest): void {
  const { guard, rows } = named(relation)
  if (guard === undefined) rows(request)
  else guard(request.model, request.actor)
}

function named(relation: string): ServerRelation {
  const found = serverRelations.get(relation) ?? systemRelations.get(relation)
  invariant(found, `${relation} is a server relation`)
  return found
}

/** NULL names nobody. */
function nameArgument(args: readonly SqlValue[]): string {
  const [name] = args
  if (typeof name !== 'string') throw principalDoesNotExist('Entity', { name: 'null' })
  return name
}

const entityType = {
  User: 'User',
  Group: 'Group',
  ServiceAccount: 'Service Account',
} as const satisfies Record<PrincipalKind, string>

/** For every stored principal, disabled ones too (W19). */
function allRows(
  model: AccessModel,
  actor: Actor,
  rowsOf: (model: AccessModel, principal: Principal) => readonly PermissionRow[],
): readonly ListingRow[] {
  requirePermissions(model, actor, [permission('LIST USERS'), permission('USER DETAILS')])
  const principals = [...model.principals.values()].toSorted((a, b) => compareNames(a.name, b.name))
  return principals.flatMap((principal) =>
    rowsOf(model, principal).map((row) => [
      principal.name,
      entityType[principal.kind],
      row.permission,
      row.tableName,
      row.columnName,
      row.grantOption,
    ]),
  )
}
