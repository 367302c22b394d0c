import type { Database, Statement } from 'better-sqlite3'
import type { Entry } from '../acl/effect.ts'
import type { FoldedName, RelationKey } from '../acl/names.ts'
import type { PermissionName } from '../acl/permission-registry.ts'
import type { Scope } from '../acl/requirement.ts'
import { invariant } from '../errors/invariant.ts'
import { unreachable } from '../errors/unreachable.ts'

interface EntryRow {
  readonly grantee: FoldedName
  readonly grantee_name: string
  readonly permission: PermissionName
  readonly relation_key: RelationKey | null
  readonly relation_schema: string | null
  readonly relation_name: string | null
  readonly column_key: FoldedName | null
  readonly column_name: string | null
  readonly grant_option: number
}

/** What tells entries apart (rule G1). */
type EntryKey = Pick<Entry, 'grantee' | 'permission' | 'scope'>

/** Entries of access lists: grants by name (migration 2). */
export class EntryRows {
  readonly #select: Statement<[], EntryRow>
  readonly #insert: Statement<[EntryRow]>
  // One a scope: each has a partial index of its own.
  readonly #deleteDatabase: Statement<[FoldedName, PermissionName]>
  readonly #deleteTable: Statement<[FoldedName, PermissionName, RelationKey]>
  readonly #deleteColumn: Statement<[FoldedName, PermissionName, RelationKey, FoldedName]>

  constructor(database: Database) {
    this.#select = database.prepare(
      `SELECT grantee, grantee_name, permission, relation_key, relation_schema, relation_name,
              column_key, column_name, grant_option
         FROM entries ORDER BY rowid`,
    )
    this.#insert = database.prepare(
      `INSERT INTO entries (grantee, grantee_name, permission, relation_key, relation_schema,
                            relation_name, column_key, column_name, grant_option)
       VALUES (@grantee, @grantee_name, @permission, @relation_key, @relation_schema,
               @relation_name, @column_key, @column_name, @grant_option)`,
    )
    const remove = 'DELETE FROM entries WHERE grantee = ? AND permission = ?'
    this.#deleteDatabase = database.prepare(`${remove} AND relation_key IS NULL`)
    this.#deleteTable = database.prepare(
      `${remove} AND relation_key IS NOT NULL AND relation_key = ? AND column_key IS NULL`,
    )
    this.#deleteColumn = database.prepare(
      `${remove} AND relation_key = ? AND column_key IS NOT NULL AND column_key = ?`,
    )
  }

  *load(): IterableIterator<Entry> {
    for (const row of this.#select.iterate()) {
      yield {
        grantee: row.grantee,
        granteeName: row.grantee_name,
        permission: row.permission,
        scope: scopeOfRow(row),
        grantOption: row.grant_option === 1,
      }
    }
  }

  put(entry: Entry): void {
    this.#remove(entry)
    this.#insert.run(rowOfEntry(entry))
  }

  delete(entry: EntryKey): void {
    invariant(this.#remove(entry) === 1, 'an entry that is deleted was there')
  }

  #remove({ grantee, permission, scope }: EntryKey): number {
    switch (scope.kind) {
      case 'Database':
        return this.#deleteDatabase.run(grantee, permission).changes
      case 'Table':
        return this.#deleteTable.run(grantee, permission, scope.relation.key).changes
      case 'Column':
        return this.#deleteColumn.run(grantee, permission, scope.relation.key, scope.column.key)
          .changes
      default:
        return unreachable(scope)
    }
  }
}

function rowOfEntry(entry: Entry): EntryRow {
  const { scope } = entry
  const relation = scope.kind === 'Database' ? undefined : scope.relation
  const column = scope.kind === 'Column' ? scope.column : undefined
  return {
    grantee: entry.grantee,
    grantee_name: entry.granteeName,
    permission: entry.permission,
    relation_key: relation?.key ?? null,
    relation_schema: relation?.schema ?? null,
    relation_name: relation?.name ?? null,
    column_key: column?.key ?? null,
    column_name: column?.name ?? null,
    grant_option: entry.grantOption ? 1 : 0,
  }
}

function scopeOfRow(row: EntryRow): Scope {
  const { relation_key: key, relation_schema: schema, relation_name: name } = row
  if (key === null || schema === null || name === null) return { kind: 'Database' }
  const relation = { key, schema, name }
  if (row.column_key === null || row.column_name === null) return { kind: 'Table', relation }
  return { kind: 'Column', relation, column: { key: row.column_key, name: row.column_name } }
}
