import type { TypeName } from '@pgsql/types'
import type { SqlType } from '../../store/sql-type.ts'
import { typeFromName } from '../types/type-name.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { areNotSupported, notSupported } from './binding-errors.ts'
import type { BindContext } from './bind-context.ts'
import { located } from './literal.ts'
import { stringsOf } from './syntax.ts'

/** A TypeName of PostgreSQL's grammar as a type. */
export function boundTypeName(node: TypeName | undefined, context: BindContext): SqlType {
  const offset = context.offsetOf(node?.location)
  const names = stringsOf(node?.names)
  const name = names.at(-1)
  if (node === undefined || name === undefined || names.length > 2) {
    throw notSupported('this type name', offset)
  }
  if (node.setof === true || node.pct_type === true) throw notSupported('this type name', offset)
  const [schema] = names.length === 2 ? names : []
  const isInterval = name === 'interval'
  const modifiers = (node.typmods ?? []).map((modifier) => {
    if (!('A_Const' in modifier) || modifier.A_Const.ival === undefined) {
      throw areNotSupported('type modifiers other than numbers', offset)
    }
    return modifier.A_Const.ival.ival ?? 0
  })
  try {
    return typeFromName({
      ...(schema === undefined ? {} : { schema }),
      name,
      modifiers: isInterval ? intervalModifiers(modifiers, offset) : modifiers,
      arrayDimensions: node.arrayBounds?.length ?? 0,
    })
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    throw located(error, offset)
  }
}

/** The grammar's INTERVAL_FULL_RANGE: no fields are named. */
const fullRange = 0x7fff

/** `interval '1' day` has a mask of fields as its modifier; without one it has none. */
function intervalModifiers(
  modifiers: readonly number[],
  offset: number | undefined,
): readonly number[] {
  const [fields] = modifiers
  if (fields === undefined || fields === fullRange) return []
  throw areNotSupported('intervals of single fields', offset)
}
