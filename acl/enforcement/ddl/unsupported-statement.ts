import type { QualifiedName, UnsupportedStatement } from '../../../parser/statement.ts'
import { permission } from '../../permission-registry.ts'
import { notSupported, unknownRelation } from '../binding-errors.ts'
import { requireAltered } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/** A statement that grantd does not have: told to who holds its permission; a table that is not there first. */
export function bindUnsupported(statement: UnsupportedStatement, draft: SchemaDraft): void {
  const { target, permission: needed } = statement
  if (target === undefined) draft.needDatabase(needed)
  else if (target.kind === 'Export') needRows(draft, target.relation)
  else if (target.kind === 'Table') {
    const named = requireAltered(draft, target, needed)
    if (named !== undefined) draft.needRelation(needed, named.name)
  } else {
    const { name, relation } = draft.find(target.view)
    // There is no materialized or live view: the permission is held by name (G44, G61).
    if (relation === undefined) {
      draft.context.requirements.addOwn({
        kind: 'UnknownRelation',
        permission: permission(needed),
        relation: name,
        cannotBeMade: true,
      })
    } else draft.needRelation(needed, name)
  }
  // What was found before, such as a table that is not there, is said instead.
  draft.fail(notSupported(statement.words, statement.span.start))
}

/** Every column of a table or view, as `SELECT *` needs them. */
function needRows(draft: SchemaDraft, written: QualifiedName): void {
  const { requirements } = draft.context
  const { name, relation } = draft.find(written)
  const offset = written.name.span.start
  requirements.addSource(name, relation?.kind ?? 'Unknown', offset)
  if (relation === undefined) draft.fail(unknownRelation(name, 'table', offset))
  for (const column of relation?.columns ?? []) {
    requirements.addRead(name, column, { throughStar: true, written: undefined })
  }
}
