/** COPY t FROM: the table, and what it needs (questdb-rbac.md, section 11). */
import type { SqlError } from '../../errors/sql-error.ts'
import type { CopyFrom } from '../../parser/statement.ts'
import type { BoundInsert } from '../../store/bound.ts'
import type { RelationName } from '../names.ts'
import { permission } from '../permission-registry.ts'
import type { Requirement } from '../requirement.ts'
import type { Column, Table } from '../schema.ts'
import { wrongObject } from './binding-errors.ts'
import { findRelation } from './relation-lookup.ts'
import type { LookupOptions } from './relation-lookup.ts'
import { upsertField } from './upsert.ts'
import { boundTarget } from './write-target.ts'

export interface CopyTarget {
  /** Decided over before anything else is told (G61). */
  readonly requirements: readonly Requirement[]
  readonly name: RelationName
  /** Absent: it is to be made. */
  readonly table?: Table
  /** Why it cannot be written, for those who meet the requirements. */
  readonly error?: SqlError
}

const insert = permission('INSERT')

/** INSERT on the table if it exists, else CREATE TABLE; who holds neither cannot tell which it is (R9). */
export function bindCopyTarget({ table: written }: CopyFrom, options: LookupOptions): CopyTarget {
  const { name, relation } = findRelation(options, {
    name: written.name.text,
    ...(written.schema === undefined ? {} : { schema: written.schema.text }),
  })
  if (relation === undefined) {
    return {
      name,
      requirements: [
        { kind: 'UnknownRelation', permission: insert, relation: name },
        { kind: 'Database', permission: permission('CREATE TABLE') },
      ],
    }
  }
  const requirements: readonly Requirement[] = [
    { kind: 'Relation', permission: insert, relation: name },
  ]
  if (relation.kind === 'Table') return { name, requirements, table: relation }
  const error = wrongObject(`${name.name} is a view`, written.name.span.start)
  return { name, requirements, error }
}

/** The range under which the rows come in; nothing else is in such a statement but the table itself. */
const rowsRange = 1

/**
 * INSERT of rows that come in as one list a column, in their order: the same INSERT as any other, with
 * defaults, constraints and deduplication.
 */
export function insertOfRows(table: Table, columns: readonly Column[]): BoundInsert {
  return {
    kind: 'Insert',
    with: [],
    recursive: false,
    target: boundTarget(table, 0),
    columns: columns.map(({ attnum }) => attnum),
    source: {
      kind: 'Query',
      with: [],
      recursive: false,
      body: {
        kind: 'Select',
        distinct: { kind: 'None' },
        targets: columns.map(({ type }, index) => ({
          kind: 'Cast',
          operand: { kind: 'ColumnReference', range: rowsRange, column: index + 1, type },
          type,
          assignment: true,
        })),
        from: [
          {
            kind: 'ServerRelation',
            range: rowsRange,
            relation: 'copy',
            arguments: [],
            columns: columns.map(({ name, type }) => ({ name, type })),
          },
        ],
        groupBy: [],
      },
      orderBy: [],
      columns: columns.map(({ name, type }) => ({ name, type })),
    },
    ...upsertField(table),
  }
}
