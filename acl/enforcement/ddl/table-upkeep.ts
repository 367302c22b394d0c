import type { DropAllTables, Reindex, Vacuum } from '../../../parser/statement.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { permission } from '../../permission-registry.ts'
import type { Table } from '../../schema.ts'
import { notSupported, wrongObject } from '../binding-errors.ts'
import { requiredColumn } from '../required-column.ts'
import { requireColumn, requireTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/**
 * REINDEX TABLE t: REINDEX on the columns named, else on every indexed column. Of a table without indexed
 * columns there is none to be asked for, and section 11 would need nothing; REINDEX on the table is needed
 * then, so that nobody learns from a success that the table exists or has no index (R9).
 */
export function bindReindex(statement: Reindex, draft: SchemaDraft): void {
  const named = requireTable(draft, statement.table, 'REINDEX')
  if (named === undefined) return
  const { columns = [] } = statement
  const found = columns.flatMap((written) => {
    const column = requireColumn(draft, named, { permissionText: 'REINDEX', written })
    return column === undefined ? [] : [{ column, written }]
  })
  const indexed = named.table.columns.filter(({ index }) => index !== undefined)
  if (statement.columns === undefined) {
    if (indexed.length === 0) draft.needRelation('REINDEX', named.name)
    else {
      draft.context.requirements.addOwn({
        kind: 'Columns',
        permission: permission('REINDEX'),
        relation: named.name,
        // The statement does not name them itself (Z2).
        columns: indexed.map((column) => requiredColumn(column, true)),
      })
    }
  }
  const plain = found.find(({ column }) => column.index === undefined)
  if (plain !== undefined) {
    const message = `column '${plain.column.name}' is not indexed`
    draft.fail(wrongObject(message, plain.written.span.start))
  }
  if (statement.partition !== undefined) {
    draft.fail(notSupported('REINDEX of single partitions', statement.partition.span.start))
  }
  draft.notice({
    severity: 'NOTICE',
    sqlState: SqlState.SuccessfulCompletion,
    message: `there is nothing to rebuild: indexes are properties of table "${named.name.name}" that no query uses`,
  })
}

/** VACUUM TABLE t; what it does is the store's matter. */
export function bindVacuum(statement: Vacuum, draft: SchemaDraft): void {
  const named = requireTable(draft, statement.table, 'VACUUM TABLE')
  if (named !== undefined) draft.needRelation('VACUUM TABLE', named.name)
}

/** DROP ALL TABLES: DROP TABLE on every table; one missing, and nothing is dropped. Views stay (V10). */
export function bindDropAllTables(_statement: DropAllTables, draft: SchemaDraft): void {
  const tables = draft.context.options.schema
    .relations()
    .filter((relation): relation is Table => relation.kind === 'Table')
  const names = tables.map(({ key, schema, name }) => ({ key, schema, name }))
  draft.context.requirements.addOwn({
    kind: 'EveryTable',
    permission: permission('DROP TABLE'),
    relations: names,
  })
  for (const { key, schema, name, oid } of tables) {
    draft.change({
      kind: 'DropRelation',
      relationKind: 'Table',
      relation: { key, schema, name },
      oid,
      cascadePermissions: false,
    })
    draft.physical({ kind: 'DropPhysicalTable', oid })
  }
}
