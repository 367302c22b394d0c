/** SHOW CREATE TABLE and SHOW CREATE VIEW (questdb-rbac.md, 9.1, section 11, V13, W18). */
import { isAView, isNotAView, relationDoesNotExist } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { decide } from './decide.ts'
import { accessDenied } from './denial.ts'
import { textColumn, type Listing } from './listing.ts'
import type { AccessModel } from './model.ts'
import type { RelationName } from './names.ts'
import { permission } from './permission-registry.ts'
import type { Requirement } from './requirement.ts'
import type { Relation } from './schema.ts'
import { definitionOf } from './show-definition.ts'
import { inQuotes } from './sql-text.ts'

export const ddlColumns = [textColumn('ddl')] as const

/**
 * The statement that makes a relation, with the effective principal as owner.
 * @throws SqlError 42501, of a table with a column that may not be read too; 42P01 and 42809 for whoever may know (G61)
 */
export function showCreate(
  model: AccessModel,
  actor: Actor,
  kind: Relation['kind'],
  said: RelationName,
): Listing {
  const relation = model.schema.relation(said.key)
  const decision = decide(model, actor, [requirementOf(said, relation, kind)])
  if (decision.kind === 'Denied') throw accessDenied(actor.effective.name, decision.missing)
  if (relation === undefined) throw relationDoesNotExist(kind, said)
  if (relation.kind !== kind) throw kind === 'Table' ? isAView(relation) : isNotAView(relation)
  const owner = `OWNED BY ${inQuotes(actor.effective.name)}`
  return { columns: ddlColumns, rows: [[`${definitionOf(relation)} ${owner};`]] }
}

/** SELECT on every column of a table, on a view; what is not of that kind is told to who may read of it. */
function requirementOf(
  said: RelationName,
  relation: Relation | undefined,
  kind: Relation['kind'],
): Requirement {
  const needed = { permission: permission('SELECT'), relation: said }
  if (relation === undefined) return { kind: 'UnknownRelation', ...needed }
  if (relation.kind === 'View' || kind === 'View') return { kind: 'AnyColumn', ...needed }
  const columns = relation.columns.map((column) => {
    const { key, name, attnum } = column
    return { key, name, attnum, throughStar: true }
  })
  return { kind: 'Columns', ...needed, columns }
}
