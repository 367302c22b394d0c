/** What views read, by name, and whether it is there (questdb-rbac.md, V5, V10). */
import { invariant } from '../errors/invariant.ts'
import type { BoundQuery, OutputColumn } from '../store/bound.ts'
import type { SqlType } from '../store/sql-type.ts'
import { mapExpression, mapFromItem, mapQuery, type QueryMapper } from './enforcement/bound-tree.ts'
import { foldName, relationKey, type FoldedName, type RelationKey } from './names.ts'
import type { Relation, Schema, View } from './schema.ts'
import { sameType } from './types/scalar.ts'

/** A relation as a view read it when the view was made. */
export interface ReadRelation {
  readonly kind: Relation['kind']
  readonly key: RelationKey
  readonly schema: string
  readonly name: string
  readonly columns: readonly ReadColumn[]
}

export interface ReadColumn {
  readonly name: string
  readonly type: SqlType
}

const known = new WeakMap<BoundQuery, readonly ReadRelation[]>()

/** What a view's own definition reads; what an inner view reads is that view's matter. */
export function readBy({ definition }: View): readonly ReadRelation[] {
  let found = known.get(definition)
  if (found === undefined) known.set(definition, (found = collect(definition)))
  return found
}

function collect(definition: BoundQuery): readonly ReadRelation[] {
  const found = new Map<RelationKey, ReadRelation & { columns: readonly ReadColumn[] }>()
  const add = (
    kind: Relation['kind'],
    { schema, name }: { readonly schema: string; readonly name: string },
    columns: readonly ReadColumn[],
  ): void => {
    const key = relationKey({ schema, name })
    const before = found.get(key)?.columns ?? []
    const byKey = new Map([...before, ...columns].map((column) => [foldName(column.name), column]))
    found.set(key, { kind, key, schema, name, columns: [...byKey.values()] })
  }
  const mapper: QueryMapper = {
    expression: (expression) => mapExpression(expression, mapper),
    query: (query) => mapQuery(query, mapper),
    fromItem: (item) => {
      if (item.kind === 'Relation') add('Table', item.name, item.columns)
      if (item.kind !== 'Derived' || item.view === undefined) return mapFromItem(item, mapper)
      add('View', item.view, item.query.columns.map(asRead))
      return item
    },
  }
  mapQuery(definition, mapper)
  return [...found.values()]
}

function asRead({ name, type }: OutputColumn): ReadColumn {
  invariant(type, 'the types of columns of a view are known')
  return { name, type }
}

/** The views that cannot be read for now, since something that they read, however far inside, is not there. */
export function invalidViews(schema: Schema): ReadonlySet<RelationKey> {
  const validity = new Map<RelationKey, boolean>()
  const isValid = (view: View): boolean => {
    const judged = validity.get(view.key)
    if (judged !== undefined) return judged
    // What leads back to a view that is being judged goes round in a circle.
    validity.set(view.key, false)
    const valid = readBy(view).every((read) => {
      const relation = schema.relation(read.key)
      if (relation === undefined || !isAsRead(read, relation)) return false
      return relation.kind === 'Table' || isValid(relation)
    })
    validity.set(view.key, valid)
    return valid
  }
  const views = schema.relations().flatMap((one) => (one.kind === 'View' ? [one] : []))
  return new Set(views.filter((view) => !isValid(view)).map(({ key }) => key))
}

function isAsRead(read: ReadRelation, relation: Relation): boolean {
  if (relation.kind !== read.kind) return false
  const types = new Map<FoldedName, SqlType>(relation.columns.map(({ key, type }) => [key, type]))
  return read.columns.every(({ name, type }) => {
    const now = types.get(foldName(name))
    return now !== undefined && sameType(now, type)
  })
}
