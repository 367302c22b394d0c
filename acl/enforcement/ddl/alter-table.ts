import type {
  AddColumn,
  DropColumn,
  DropTable,
  RenameColumn,
  RenameTable,
  Truncate,
} from '../../../parser/statement.ts'
import { foldName, relationName } from '../../names.ts'
import type { Column, Table } from '../../schema.ts'
import {
  alreadyExists,
  duplicateColumn,
  notSupported,
  tooManyColumns,
  unknownColumn,
  wrongObject,
} from '../binding-errors.ts'
import { refuseSuspended } from '../suspended.ts'
import { defineColumns } from './column-definition.ts'
import { indexIsDeclaredOnly } from './column-storage.ts'
import { checkNewName } from './new-name.ts'
import {
  needColumns,
  needUnknownColumn,
  requireAltered,
  requireColumn,
  requireTable,
} from './named-table.ts'
import { namedKey, ownedByField } from './schema-draft.ts'
import type { SchemaDraft } from './schema-draft.ts'
import { doesNotExist, existsAlready } from './schema-notices.ts'

/** DROP TABLE t, ...: DROP TABLE on each; what is not there needs nothing with IF EXISTS. */
export function bindDropTable(statement: DropTable, draft: SchemaDraft): void {
  const seen = new Set<string>()
  for (const written of statement.tables) {
    const found = draft.find(written)
    if (found.relation === undefined && statement.ifExists) {
      draft.notice(doesNotExist('table', found.name.name))
      continue
    }
    const named = requireTable(draft, written, 'DROP TABLE')
    if (named === undefined || seen.has(named.name.key)) continue
    seen.add(named.name.key)
    draft.needRelation('DROP TABLE', named.name)
    draft.change({
      kind: 'DropRelation',
      relationKind: 'Table',
      relation: named.name,
      oid: named.table.oid,
      cascadePermissions: statement.cascadePermissions,
    })
    draft.physical({ kind: 'DropPhysicalTable', oid: named.table.oid })
  }
}

/** TRUNCATE TABLE t, ... */
export function bindTruncate(statement: Truncate, draft: SchemaDraft): void {
  const seen = new Set<string>()
  for (const written of statement.tables) {
    const named = requireTable(draft, written, 'TRUNCATE TABLE', {
      ifExists: statement.ifExists === true,
    })
    if (named === undefined || seen.has(named.name.key)) continue
    seen.add(named.name.key)
    draft.needRelation('TRUNCATE TABLE', named.name)
    refuseSuspended(draft.context, named.table, written.name.span.start)
    draft.physical({ kind: 'TruncatePhysicalTable', oid: named.table.oid })
  }
}

/** RENAME TABLE a TO b: the store knows numbers only, so that nothing happens there. */
export function bindRenameTable(statement: RenameTable, draft: SchemaDraft): void {
  const named = requireAltered(draft, statement, 'RENAME TABLE')
  if (named === undefined) return
  draft.needRelation('RENAME TABLE', named.name)
  const { name: target, schema } = statement.to
  checkNewName(target)
  if (schema !== undefined && foldName(schema.text) !== foldName(named.table.schema)) {
    throw notSupported('moving a table to another schema', schema.span.start)
  }
  const to = relationName({ schema: named.table.schema, name: target.text })
  const existing = draft.context.options.schema.relation(to.key)
  // Another spelling of its own name is no clash.
  if (existing !== undefined && existing.oid !== named.table.oid) {
    draft.fail(alreadyExists(existing.kind === 'Table' ? 'table' : 'view', target.span.start))
  }
  draft.change({ kind: 'RenameTable', relation: named.name, oid: named.table.oid, to })
}

/** duckdb-hardening.md, section 5.3. */
const columnsMax = 1_600

/** ALTER TABLE t ADD COLUMN. */
export function bindAddColumn(statement: AddColumn, draft: SchemaDraft): void {
  const named = requireAltered(draft, statement, 'ADD COLUMN')
  if (named === undefined) return
  const { name, table } = named
  draft.needRelation('ADD COLUMN', name)
  const definitions = statement.columns.filter((definition) => {
    const exists = table.columns.some(({ key }) => key === foldName(definition.name.text))
    if (exists && statement.ifNotExists) {
      draft.notice(existsAlready('column', definition.name.text))
      return false
    }
    return true
  })
  const defined = defineColumns(definitions, {
    context: draft.context,
    firstAttnum: table.nextAttnum,
    taken: table.columns,
  })
  if (defined.length === 0) return
  for (const { column } of defined) {
    if (column.index !== undefined) draft.notice(indexIsDeclaredOnly(column.name))
  }
  if (table.columns.length + defined.length > columnsMax) throw tooManyColumns(columnsMax)
  draft.change({
    kind: 'AddColumns',
    relation: name,
    oid: table.oid,
    columns: defined.map(({ column }) => column),
    ...ownedByField(statement.ownedBy),
  })
  for (const { physical } of defined) {
    // The engine cannot add a column that is not null in one step.
    const column = { ...physical, notNull: false }
    draft.physical({ kind: 'AddPhysicalColumn', oid: table.oid, column })
    if (physical.notNull) {
      draft.physical({ kind: 'SetPhysicalNotNull', oid: table.oid, attnum: physical.attnum })
    }
  }
}

/** ALTER TABLE t DROP COLUMN: DROP COLUMN on each. */
export function bindDropColumn(statement: DropColumn, draft: SchemaDraft): void {
  const named = requireAltered(draft, statement, 'DROP COLUMN')
  if (named === undefined) return
  const { name, table } = named
  const columns = statement.columns.flatMap((written) => {
    const column = table.columns.find(({ key }) => key === foldName(written.text))
    if (column === undefined) {
      // IF EXISTS does not tell what there is to who may not drop it (G61).
      needUnknownColumn(draft, name, { permissionText: 'DROP COLUMN', written })
      if (statement.ifExists) draft.notice(doesNotExist('column', written.text))
      else draft.fail(unknownColumn(written.text, written.span.start))
      return []
    }
    return [{ column, written }]
  })
  if (columns.length === 0) return
  needColumns(draft, named, { permissionText: 'DROP COLUMN', columns })
  for (const { column, written } of columns) checkDroppable(table, column, written.span.start)
  const dropped = new Set(columns.map(({ column }) => column))
  const attnums = Array.from(dropped, ({ attnum }) => attnum)
  if (attnums.length === table.columns.length) {
    throw notSupported('dropping every column of a table', statement.table.name.span.start)
  }
  draft.change({
    kind: 'DropColumns',
    relation: name,
    oid: table.oid,
    attnums,
    cascadePermissions: statement.cascadePermissions,
  })
  for (const column of dropped) dropPhysical(table, column, draft)
}

/**
 * The engine cannot drop a column that stands before one of a key. Such a column stays in the physical
 * table as PostgreSQL's dropped columns do (attisdropped): no name reaches it, and new rows leave it out.
 */
function dropPhysical(table: Table, { attnum, notNull }: Column, draft: SchemaDraft): void {
  const place = { oid: table.oid, attnum }
  const order = table.columns.map((column) => column.attnum)
  const isBeforeKey = table.constraints.some(
    ({ kind, attnums }) =>
      kind !== 'Check' && attnums.some((key) => order.indexOf(key) > order.indexOf(attnum)),
  )
  if (!isBeforeKey) draft.physical({ kind: 'DropPhysicalColumn', ...place })
  else if (notNull) draft.physical({ kind: 'DropPhysicalNotNull', ...place })
}

function checkDroppable(table: Table, column: Column, offset: number): void {
  if (column.attnum === table.designatedTimestamp) {
    throw wrongObject('Cannot remove designated timestamp column', offset)
  }
  if (table.dedupKeys.includes(column.attnum)) {
    throw notSupported(`dropping deduplication key "${column.name}"`, offset)
  }
  const constraint = table.constraints.find(({ attnums }) => attnums.includes(column.attnum))
  if (constraint !== undefined) {
    throw notSupported(`dropping a column of constraint "${constraint.name}"`, offset)
  }
}

/** ALTER TABLE t RENAME COLUMN a TO b, ...: RENAME COLUMN on each; one after the other. */
export function bindRenameColumn(statement: RenameColumn, draft: SchemaDraft): void {
  const named = requireAltered(draft, statement, 'RENAME COLUMN')
  if (named === undefined) return
  const { name, table } = named
  let { columns } = table
  for (const { column: written, to } of statement.renames) {
    const current = { name, table: { ...table, columns } }
    const column = requireColumn(draft, current, { permissionText: 'RENAME COLUMN', written })
    if (column === undefined) continue
    checkNewName(to)
    const renamed = { ...column, name: to.text, key: foldName(to.text) }
    if (columns.some((other) => other !== column && other.key === renamed.key)) {
      draft.fail(duplicateColumn(to.text, to.span.start))
    }
    columns = columns.map((other) => (other === column ? renamed : other))
    draft.change({
      kind: 'RenameColumn',
      relation: name,
      oid: table.oid,
      attnum: column.attnum,
      to: namedKey(to),
    })
  }
}
