import type { Database, Statement } from 'better-sqlite3'
import type { Oid, RelationKey } from '../acl/names.ts'
import type { Relation } from '../acl/schema.ts'
import { invariant } from '../errors/invariant.ts'
import { decodeRelation } from './document.ts'
import { encodeTaggedJson } from './tagged-json.ts'

/** A relation as it is stored, to be held against one in memory. */
export interface StoredRelation {
  readonly oid: number
  /** Whether the relation would be stored as what is stored. */
  readonly isSame: (relation: Relation) => boolean
}

/** Tables and views (migration 3). */
export class RelationRows {
  readonly #select: Statement<[], { document: string }>
  readonly #selectFrom: Statement<[number, number], { oid: number; document: string }>
  readonly #put: Statement<[Oid, RelationKey, Relation['kind'], string]>
  readonly #delete: Statement<[Oid, RelationKey]>

  constructor(database: Database) {
    this.#select = database.prepare('SELECT document FROM relations ORDER BY oid')
    this.#selectFrom = database.prepare(
      'SELECT oid, document FROM relations WHERE oid > ? ORDER BY oid LIMIT ?',
    )
    this.#put = database.prepare(
      `INSERT INTO relations (oid, key, kind, document) VALUES (?, ?, ?, ?)
       ON CONFLICT (oid) DO UPDATE SET
         key = excluded.key, kind = excluded.kind, document = excluded.document`,
    )
    this.#delete = database.prepare('DELETE FROM relations WHERE oid = ? AND key = ?')
  }

  /** @throws SyntaxError for a document that is no relation */
  *load(): IterableIterator<Relation> {
    for (const { document } of this.#select.iterate()) yield decodeRelation(document)
  }

  /** At most `count` of those whose oid is above `oid`, ordered by it. */
  from(oid: number, count: number): readonly StoredRelation[] {
    return this.#selectFrom.all(oid, count).map((row) => ({
      oid: row.oid,
      isSame: (relation) => encodeTaggedJson(relation) === row.document,
    }))
  }

  put(relation: Relation): void {
    this.#put.run(relation.oid, relation.key, relation.kind, encodeTaggedJson(relation))
  }

  delete({ oid, key }: { readonly oid: Oid; readonly key: RelationKey }): void {
    const { changes } = this.#delete.run(oid, key)
    invariant(changes === 1, 'a relation that is deleted was there')
  }
}
