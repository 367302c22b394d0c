import type { BoundServerRelation, BoundStatement } from '../../store/bound.ts'

/** What a bound statement touches, found by looking at every node of it. */
export interface Touched {
  /** Physical tables read or written, views looked through. */
  readonly oids: readonly number[]
  readonly serverRelations: readonly BoundServerRelation[]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

/**
 * The tables and server relations of a bound statement. The tree is plain data, so that one walk over
 * all of it finds every place where a relation may stand, those of future node kinds included.
 */
export function touchedBy(statement: BoundStatement): Touched {
  const oids = new Set<number>()
  const serverRelations: BoundServerRelation[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const element of value) visit(element)
      return
    }
    if (!isObject(value)) return
    if (typeof value['oid'] === 'number' && isTable(value)) oids.add(value['oid'])
    if (isServerRelation(value)) serverRelations.push(value)
    for (const key of Object.keys(value)) visit(value[key])
  }
  visit(statement)
  return { oids: [...oids], serverRelations }
}

/** A relation in FROM, the target of a write, or a physical change; an output column's origin is neither. */
function isTable(value: Readonly<Record<string, unknown>>): boolean {
  return 'kind' in value || 'range' in value
}

function isServerRelation(
  value: Readonly<Record<string, unknown>>,
): value is BoundServerRelation & Readonly<Record<string, unknown>> {
  return value['kind'] === 'ServerRelation'
}
