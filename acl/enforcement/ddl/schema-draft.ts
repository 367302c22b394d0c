import type { Notice } from '../../../errors/notice.ts'
import type { SqlError } from '../../../errors/sql-error.ts'
import type { Name, QualifiedName } from '../../../parser/statement.ts'
import type { PhysicalChange } from '../../../store/bound.ts'
import type { NamedKey, SchemaChange } from '../../change.ts'
import { foldName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import { permission } from '../../permission-registry.ts'
import { unknownRelation } from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'
import type { Binding, SchemaStep } from '../binding.ts'
import { findRelation } from '../relation-lookup.ts'
import type { FoundRelation } from '../relation-lookup.ts'
import { doesNotExist } from './schema-notices.ts'

/** A statement that changes the schema while it is bound: what it needs, changes and does. */
export class SchemaDraft {
  readonly context: BindContext
  readonly #changes: SchemaChange[] = []
  readonly #steps: SchemaStep[] = []
  readonly #notices: Notice[] = []

  constructor(context: BindContext) {
    this.context = context
  }

  /** A relation's name, and what it is now. */
  find(name: QualifiedName): FoundRelation {
    return findRelation(this.context.options, {
      name: name.name.text,
      ...(name.schema === undefined ? {} : { schema: name.schema.text }),
    })
  }

  /** A database-level permission. */
  needDatabase(text: string): void {
    this.context.requirements.addOwn({ kind: 'Database', permission: permission(text) })
  }

  /** A permission on a whole relation. */
  needRelation(text: string, relation: RelationName): void {
    this.context.requirements.addOwn({ kind: 'Relation', permission: permission(text), relation })
  }

  /** The statement names a relation that is not there: who may not know of it learns nothing (G61). */
  missing(
    text: string,
    relation: RelationName,
    given: { readonly kind: 'table' | 'view'; readonly offset: number | undefined },
  ): void {
    this.context.requirements.addOwn({
      kind: 'UnknownRelation',
      permission: permission(text),
      relation,
    })
    this.fail(unknownRelation(relation, given.kind, given.offset))
  }

  /** IF EXISTS names a table that is not there: told to who would be told that it is missing (M4, G61). */
  skip(text: string, relation: RelationName): void {
    this.context.requirements.addOwn({
      kind: 'UnknownRelation',
      permission: permission(text),
      relation,
    })
    this.notice(doesNotExist('relation', relation.name))
  }

  fail(error: SqlError): void {
    this.context.fail(error)
  }

  change(change: SchemaChange): void {
    this.#changes.push(change)
  }

  physical(change: PhysicalChange): void {
    this.#steps.push({ kind: 'Physical', change })
  }

  step(step: SchemaStep): void {
    this.#steps.push(step)
  }

  notice(notice: Notice): void {
    this.#notices.push(notice)
  }

  finish(): Binding {
    const { context } = this
    const requirements = context.requirements.list()
    const { error } = context
    if (error !== undefined) return { kind: 'Unbindable', requirements, error }
    return {
      kind: 'SchemaChange',
      requirements,
      changes: this.#changes,
      steps: this.#steps,
      notices: this.#notices,
      parameters: context.parameters.list(),
    }
  }
}

/** A name of the statement as changes have it. */
export function namedKey(name: Name): NamedKey {
  return { key: foldName(name.text), name: name.text, offset: name.span.start }
}

/** `OWNED BY x`, if it is there. */
export function ownedByField(name: Name | undefined): { readonly ownedBy?: NamedKey } {
  return name === undefined ? {} : { ownedBy: namedKey(name) }
}
