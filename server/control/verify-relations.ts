import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Relation } from '../../acl/schema.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Committer } from '../session/committer.ts'

/** Relations read at a time: between pages others get their turn (rule R8). */
const pageLength = 64

/**
 * Reads the relations of the catalog again, and holds each against the one in force. The model and the
 * catalog change together, so that each page agrees with the model of its moment.
 * @returns the oids of those that differ
 */
export async function verifyRelations(given: {
  readonly catalog: Pick<Catalog, 'relationsFrom'>
  readonly committer: Pick<Committer, 'model'>
  /** Absent: all. */
  readonly oids: ReadonlySet<number> | undefined
}): Promise<readonly number[]> {
  const wrong: number[] = []
  let last = 0
  for (;;) {
    const page = given.catalog.relationsFrom(last, pageLength)
    const isLastPage = page.length < pageLength
    const upTo = isLastPage ? Number.MAX_SAFE_INTEGER : (page.at(-1)?.oid ?? last)
    const inForce = given.committer.model.schema
      .relations()
      .filter(({ oid }) => oid > last && oid <= upTo)
    wrong.push(...differences(page, inForce).filter((oid) => given.oids?.has(oid) !== false))
    if (isLastPage) return wrong
    last = upTo
    await nextTurn()
  }
}

/** The oids under which not the same relation stands on both sides. */
function differences(
  stored: ReturnType<Catalog['relationsFrom']>,
  inForce: readonly Relation[],
): readonly number[] {
  const byOid = new Map(inForce.map((relation) => [Number(relation.oid), relation]))
  const wrong: number[] = []
  for (const { oid, isSame } of stored) {
    const relation = byOid.get(oid)
    byOid.delete(oid)
    if (relation === undefined || !isSame(relation)) wrong.push(oid)
  }
  return [...wrong, ...byOid.keys()]
}
