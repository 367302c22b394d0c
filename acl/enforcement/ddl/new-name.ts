import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { Name, QualifiedName } from '../../../parser/statement.ts'
import { defaultSchema, relationName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import type { BindOptions } from '../binding.ts'
import { isKnownSchema } from '../relation-lookup.ts'

/** PostgreSQL's NAMEDATALEN less one: other doors must not make names that SQL cannot say. */
const nameBytesMax = 63

/**
 * What looks like nothing: white space to one parser and letters to another, and controls
 * (duckdb-hardening.md, section 2.2).
 */
const invisible = /[\p{Cc}\u00A0\u2000-\u200F\u2028-\u202F\u205F-\u2064\u3000\uFEFF\uFFFD]/u

/** A name for something new: refuses what could not be told from another name. */
export function checkNewName(name: Name): void {
  const { text, span } = name
  const bytes = Buffer.byteLength(text, 'utf8')
  if (text === '' || bytes > nameBytesMax || invisible.test(text)) {
    throw invalidName(text, span.start)
  }
}

function invalidName(text: string, offset: number): SqlError {
  return new SqlError(SqlState.InvalidName, `invalid name [name=${text}]`, { offset })
}

/** The full name of a relation that is to be made: without schema in the first of the search path. */
export function newRelationName(name: QualifiedName, options: BindOptions): RelationName {
  checkNewName(name.name)
  const schema = name.schema?.text ?? options.searchPath[0] ?? defaultSchema
  if (!isKnownSchema(options.schema, schema)) throw unknownSchema(schema, name.schema?.span.start)
  return relationName({ schema, name: name.name.text })
}

function unknownSchema(schema: string, offset: number | undefined): SqlError {
  return new SqlError(
    SqlState.InvalidSchemaName,
    `schema "${schema}" does not exist`,
    offset === undefined ? {} : { offset },
  )
}
