/** BACKUP TABLE: which tables it means, and what it needs (questdb-rbac.md, section 11). */
import type { SqlError } from '../../errors/sql-error.ts'
import type { QualifiedName } from '../../parser/statement.ts'
import type { Requirement } from '../requirement.ts'
import { permission } from '../permission-registry.ts'
import type { Table } from '../schema.ts'
import { unknownRelation, wrongObject } from './binding-errors.ts'
import { findRelation } from './relation-lookup.ts'
import type { LookupOptions } from './relation-lookup.ts'

export interface TablesToBackUp {
  /** In the order of the text; decided over before anything else is told (G61). */
  readonly requirements: readonly Requirement[]
  /** Why a name is not that of a table, for those who meet the requirements. */
  readonly error?: SqlError
  /** Each once. */
  readonly tables: readonly Table[]
}

const backupTable = permission('BACKUP TABLE')

/**
 * BACKUP TABLE on each, and nothing else: rows go into the server's files, not to the client, so that SELECT
 * is not asked for.
 */
export function bindBackupTable(
  names: readonly QualifiedName[],
  options: LookupOptions,
): TablesToBackUp {
  const requirements: Requirement[] = []
  const tables = new Map<number, Table>()
  let error: SqlError | undefined
  for (const written of names) {
    const { name, relation } = findRelation(options, {
      name: written.name.text,
      ...(written.schema === undefined ? {} : { schema: written.schema.text }),
    })
    const offset = written.name.span.start
    requirements.push({
      kind: relation === undefined ? 'UnknownRelation' : 'Relation',
      permission: backupTable,
      relation: name,
    })
    if (relation === undefined) error ??= unknownRelation(name, 'table', offset)
    else if (relation.kind === 'View') error ??= wrongObject(`${name.name} is a view`, offset)
    else tables.set(relation.oid, relation)
  }
  return { requirements, tables: [...tables.values()], ...(error === undefined ? {} : { error }) }
}
