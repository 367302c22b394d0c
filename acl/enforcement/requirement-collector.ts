import type { RelationName } from '../names.ts'
import { permission } from '../permission-registry.ts'
import type { Requirement, RequiredColumn } from '../requirement.ts'
import type { Column } from '../schema.ts'
import { requiredColumn } from './required-column.ts'

/** A relation that the statement reads, and what it reads of it. */
interface Source {
  readonly relation: RelationName
  /** Where the text names it first. */
  location: number
  readonly kind: 'Table' | 'View' | 'Unknown'
  readonly columns: Map<number, RequiredColumn>
  readonly unknownColumns: Set<string>
  /** A FROM item of which nothing is read needs one readable column; what is written to needs none. */
  isListed: boolean
}

/**
 * Gathers what a statement needs while it is bound. What comes out is ordered by rule Q2: the
 * statement's own permissions first, then SELECT on the relations read, as the text names them.
 */
export class RequirementCollector {
  readonly #own: Requirement[] = []
  readonly #sources = new Map<string, Source>()

  /** The statement's own permission, e.g. INSERT on the target. */
  addOwn(requirement: Requirement): void {
    this.#own.push(requirement)
  }

  /** The statement names a relation to read from. */
  addSource(relation: RelationName, kind: Source['kind'], location: number | undefined): void {
    this.#source(relation, kind, location).isListed = true
  }

  /** The statement writes to a relation: what it reads of it is SELECT, and may be nothing. */
  addTarget(relation: RelationName, location: number | undefined): void {
    this.#source(relation, 'Table', location)
  }

  #source(relation: RelationName, kind: Source['kind'], location: number | undefined): Source {
    const place = location ?? Number.MAX_SAFE_INTEGER
    const known = this.#sources.get(relation.key)
    if (known !== undefined) {
      known.location = Math.min(known.location, place)
      return known
    }
    const source: Source = {
      relation,
      kind,
      location: place,
      columns: new Map(),
      unknownColumns: new Set(),
      isListed: false,
    }
    this.#sources.set(relation.key, source)
    return source
  }

  /**
   * SELECT on a column. `throughStar` holds only as long as nothing names the column itself (Z2); its
   * name is said as the statement wrote it (R9).
   */
  addRead(
    relation: RelationName,
    column: Column,
    how: { readonly throughStar: boolean; readonly written: string | undefined },
  ): void {
    const source = this.#sources.get(relation.key)
    if (source === undefined) return
    const known = source.columns.get(column.attnum)
    if (known !== undefined && !known.throughStar) return
    const name = how.throughStar ? column.name : (how.written ?? column.name)
    source.columns.set(column.attnum, requiredColumn({ ...column, name }, how.throughStar))
  }

  /** A column named that the relation lacks (G61). */
  addUnknownColumn(relation: RelationName, column: string): void {
    this.#sources.get(relation.key)?.unknownColumns.add(column)
  }

  /** In the order in which a missing one is reported. */
  list(): readonly Requirement[] {
    const sources = [...this.#sources.values()].toSorted((a, b) => a.location - b.location)
    return [...this.#own, ...sources.flatMap(sourceRequirements)]
  }
}

const select = permission('SELECT')

function sourceRequirements(source: Source): readonly Requirement[] {
  const { relation } = source
  const unknown = [...source.unknownColumns].map((column): Requirement => ({
    kind: 'UnknownColumn',
    permission: select,
    relation,
    column,
  }))
  switch (source.kind) {
    case 'Unknown':
      return [{ kind: 'UnknownRelation', permission: select, relation }]
    case 'View':
      return [{ kind: 'Relation', permission: select, relation }]
    case 'Table': {
      const columns = [...source.columns.values()].toSorted((a, b) => a.attnum - b.attnum)
      // A table of which only a missing column is named is covered by that requirement.
      if (columns.length === 0 && (unknown.length > 0 || !source.isListed)) return unknown
      const read: Requirement =
        columns.length === 0
          ? { kind: 'AnyColumn', permission: select, relation }
          : { kind: 'Columns', permission: select, relation, columns }
      return [read, ...unknown]
    }
    default:
      return source.kind satisfies never
  }
}
