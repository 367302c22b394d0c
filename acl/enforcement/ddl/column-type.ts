import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { ColumnAction, Name } from '../../../parser/statement.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import type { ColumnPatch } from '../../change.ts'
import type { Column, Table } from '../../schema.ts'
import { isSymbol } from '../../schema.ts'
import { canCoerce } from '../../types/coerce.ts'
import { sameType, withoutModifiers } from '../../types/scalar.ts'
import { typeText } from '../../types/type-name.ts'
import { assignTo } from '../assignment.ts'
import { cannotCast, notSupported, wrongObject } from '../binding-errors.ts'
import { coerce } from '../coercion.ts'
import { withPlace } from '../expression/call-parts.ts'
import { refuseSuspended } from '../suspended.ts'
import { declaredTypeOf } from './column-definition.ts'
import { defineColumnStorage, indexIsDeclaredOnly } from './column-storage.ts'
import type { NamedTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'
import { bindTransform } from './stored-expression.ts'

type SetType = Extract<ColumnAction, { readonly kind: 'SetType' }>

interface Place {
  readonly named: NamedTable
  readonly column: Column
  readonly written: Name
}

/**
 * ALTER COLUMN c TYPE x. QuestDB makes NULL of what it cannot convert; here such a value fails the statement,
 * as in PostgreSQL, and the table stays as it was. Without USING a value becomes what CAST makes of it, but a
 * text too long for the new type is an error, as when it is assigned.
 */
export function columnTypePatch(draft: SchemaDraft, action: SetType, place: Place): ColumnPatch {
  const { named, column, written } = place
  const { table } = named
  const offset = written.span.start
  checkChangeable(table, column, offset)
  refuseSuspended(draft.context, table, offset)
  const type = declaredTypeOf(action.type)
  const declaredType = action.type.declared
  if (action.using === undefined && isAlready(column, { type, declaredType })) {
    const text = `column '${column.name}' type is already '${column.declaredType}'`
    throw new SqlError(SqlState.DuplicateObject, text, { offset })
  }
  const isRewritten = action.using !== undefined || !sameType(type, column.type)
  if (isRewritten) {
    const target = { ...column, type }
    const using =
      action.using === undefined
        ? converted(draft, target, { column, offset })
        : bindTransform(action.using, { draft, named, column: target })
    draft.physical({
      kind: 'AlterPhysicalColumnType',
      oid: table.oid,
      attnum: column.attnum,
      type,
      using,
      notNull: column.notNull,
    })
    draft.physical({
      kind: 'RenamePhysicalColumn',
      oid: table.oid,
      attnum: column.attnum,
      to: table.nextAttnum,
    })
  }
  const storage = defineColumnStorage(action)
  if (storage.index !== undefined) draft.notice(indexIsDeclaredOnly(column.name))
  return {
    type: { type, declaredType, ...(isRewritten ? { attnum: table.nextAttnum } : {}) },
    // What was said of the column as it was before does not hold for what it is now.
    symbol: storage.symbol ?? null,
    index: storage.index ?? null,
  }
}

function isAlready(
  column: Column,
  { type, declaredType }: Pick<Column, 'type' | 'declaredType'>,
): boolean {
  const isSpelled = column.declaredType.toUpperCase() === declaredType.toUpperCase()
  const isAlike = isSpelled || (!isSymbol(column) && !isSymbol({ declaredType }))
  return isAlike && sameType(type, column.type)
}

/** What holds on to the type of a column. */
function checkChangeable(table: Table, column: Column, offset: number): void {
  if (column.attnum === table.designatedTimestamp) {
    throw wrongObject('cannot change type of designated timestamp column', offset)
  }
  const constraint = table.constraints.find(({ attnums }) => attnums.includes(column.attnum))
  if (constraint !== undefined) {
    const what = `changing the type of a column of constraint "${constraint.name}"`
    throw notSupported(what, offset)
  }
  if (table.dedupKeys.includes(column.attnum)) {
    throw notSupported('changing the type of a deduplication key', offset)
  }
  // The store has it bound for the old type; its text alone does not say what it means for the new one.
  if (column.hasDefault) throw notSupported('changing the type of a column with a default', offset)
}

/** CAST of the column itself, put into the new type as an assignment does. */
function converted(
  draft: SchemaDraft,
  target: Pick<Column, 'name' | 'type'>,
  { column, offset }: { readonly column: Column; readonly offset: number },
): BoundExpression {
  const { context } = draft
  const value = {
    expression: {
      kind: 'ColumnReference',
      range: 0,
      column: column.attnum,
      type: column.type,
    } as const,
    type: column.type,
    location: undefined,
  }
  return withPlace(offset, () => {
    if (canCoerce({ from: column.type, to: target.type, context: 'assignment' })) {
      return assignTo(context, target, value)
    }
    if (!canCoerce({ from: column.type, to: target.type, context: 'explicit' })) {
      throw cannotCast(typeText(column.type), typeText(target.type), offset)
    }
    const plain: SqlType = withoutModifiers(target.type)
    const expression = coerce(context, value, { to: plain, context: 'explicit' })
    return assignTo(context, target, { ...value, expression, type: plain })
  })
}
