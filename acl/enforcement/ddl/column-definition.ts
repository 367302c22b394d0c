import type { ColumnDefinition, TypeName } from '../../../parser/statement.ts'
import type { PhysicalColumn } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { foldName } from '../../names.ts'
import type { Column } from '../../schema.ts'
import { typeFromName } from '../../types/type-name.ts'
import { duplicateColumn, notSupported } from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'
import { withPlace } from '../expression/call-parts.ts'
import { defineColumnStorage } from './column-storage.ts'
import { bindDefault } from './stored-expression.ts'
import { checkNewName } from './new-name.ts'

/** A column as the model has it and as the store makes it. */
export interface DefinedColumn {
  readonly column: Column
  readonly physical: PhysicalColumn
}

/** Column definitions of CREATE TABLE and ADD COLUMN, numbered from `firstAttnum`. */
export function defineColumns(
  definitions: readonly ColumnDefinition[],
  given: {
    readonly context: BindContext
    readonly firstAttnum: number
    readonly taken: readonly Column[]
  },
): readonly DefinedColumn[] {
  const { context, firstAttnum, taken } = given
  const seen = new Set(taken.map(({ key }) => key))
  return definitions.map((definition, index) => {
    const { name } = definition
    checkNewName(name)
    const key = foldName(name.text)
    if (seen.has(key)) throw duplicateColumn(name.text, name.span.start)
    seen.add(key)
    return defineColumn(definition, { context, attnum: firstAttnum + index })
  })
}

function defineColumn(
  definition: ColumnDefinition,
  { context, attnum }: { readonly context: BindContext; readonly attnum: number },
): DefinedColumn {
  const { name, notNull, collation } = definition
  if (collation !== undefined && !plainCollations.has(collation.text)) {
    throw notSupported(`collation "${collation.text}"`, collation.span.start)
  }
  const type = declaredTypeOf(definition.type)
  const value =
    definition.default === undefined
      ? undefined
      : bindDefault(definition.default, { context, column: { name: name.text, type } })
  return {
    column: {
      attnum,
      name: name.text,
      key: foldName(name.text),
      type,
      declaredType: definition.type.declared,
      notNull,
      hasDefault: value !== undefined,
      ...(definition.default === undefined ? {} : { default: definition.default.text }),
      ...defineColumnStorage(definition),
    },
    physical: { attnum, type, notNull, ...(value === undefined ? {} : { default: value }) },
  }
}

/** Text compares by code point. */
const plainCollations: ReadonlySet<string> = new Set(['C', 'POSIX', 'default', 'ucs_basic'])

/** The type that a statement declares. */
export function declaredTypeOf(name: TypeName): SqlType {
  return withPlace(name.span.start, () =>
    typeFromName({
      name: name.name,
      modifiers: name.modifiers,
      arrayDimensions: name.arrayDimensions,
    }),
  )
}
