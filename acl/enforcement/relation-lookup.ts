import type { RangeVar } from '@pgsql/types'
import { defaultSchema, foldName, relationName } from '../names.ts'
import type { RelationName } from '../names.ts'
import type { Relation, Schema } from '../schema.ts'
import { notSupported } from './binding-errors.ts'
import type { BindContext } from './bind-context.ts'
import type { BindOptions } from './binding.ts'

/** A name and what it means at this moment, if anything. */
export interface FoundRelation {
  /** In the words of the statement: the stored spelling would tell that the name exists (R9). */
  readonly name: RelationName
  readonly relation?: Relation
}

export type LookupOptions = Pick<BindOptions, 'schema' | 'searchPath'>

/**
 * Looks a name up; without schema in the schemas of the search path, in order. One that is nowhere is
 * said to be where it would be made, so that the words do not tell it from one that is there (R9).
 */
export function findRelation(
  options: LookupOptions,
  given: { readonly schema?: string; readonly name: string },
): FoundRelation {
  const schemas = given.schema === undefined ? options.searchPath : [given.schema]
  for (const schema of schemas) {
    const name = relationName({ schema, name: given.name })
    const relation = options.schema.relation(name.key)
    if (relation !== undefined) return { name, relation }
  }
  const schema = schemas.find((one) => isKnownSchema(options.schema, one)) ?? schemas[0]
  return { name: relationName({ schema: schema ?? defaultSchema, name: given.name }) }
}

/** A schema in which relations can be made: the default one, and those that have some. */
export function isKnownSchema(schema: Schema, name: string): boolean {
  const key = foldName(name)
  return (
    key === foldName(defaultSchema) ||
    schema.relations().some((relation) => foldName(relation.schema) === key)
  )
}

/** A RangeVar of PostgreSQL's grammar; a database's name in front is not for us. */
export function lookUpRelation(context: BindContext, range: RangeVar): FoundRelation {
  if (range.catalogname !== undefined) {
    context.fail(notSupported('a database name before a table', context.offsetOf(range.location)))
  }
  return findRelation(context.options, {
    name: range.relname ?? '',
    ...(range.schemaname === undefined ? {} : { schema: range.schemaname }),
  })
}
