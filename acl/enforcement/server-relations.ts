import type { SqlType } from '../../store/sql-type.ts'

/** A relation that the server answers itself. */
export interface ServerRelation {
  readonly argumentsMax: number
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
}

const text: SqlType = { kind: 'Scalar', name: 'varchar' }
const bool: SqlType = { kind: 'Scalar', name: 'bool' }

const allGrants: ServerRelation = {
  argumentsMax: 0,
  columns: [
    { name: 'entity_name', type: text },
    { name: 'entity_type', type: text },
    { name: 'permission', type: text },
    { name: 'table_name', type: text },
    { name: 'column_name', type: text },
    { name: 'grant_option', type: bool },
  ],
}

/** By the name of the function in FROM (questdb-rbac.md, section 9.5 and 11). */
export const serverRelations: ReadonlyMap<string, ServerRelation> = new Map([
  [
    'all_permissions',
    {
      argumentsMax: 0,
      columns: [
        { name: 'permission', type: text },
        { name: 'level', type: text },
        { name: 'description', type: text },
      ],
    },
  ],
  [
    'permissions',
    {
      argumentsMax: 1,
      columns: [
        { name: 'permission', type: text },
        { name: 'table_name', type: text },
        { name: 'column_name', type: text },
        { name: 'grant_option', type: bool },
        { name: 'origin', type: text },
      ],
    },
  ],
  ['active_permissions', allGrants],
  ['active_grants', allGrants],
  ['tables', { argumentsMax: 0, columns: [{ name: 'table_name', type: text }] }],
])
