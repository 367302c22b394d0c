import type { SelectStmt } from '@pgsql/types'
import type { BoundQuery } from '../../../store/bound.ts'
import type { QueryOptions } from '../bind-context.ts'
import { tooManyColumns } from '../binding-errors.ts'
import { Scope } from '../scope.ts'
import { renameOutput } from './rename-output.ts'
import { bindSelect } from './select.ts'
import { finishDraft } from './select-draft.ts'
import type { SelectDraft } from './select-draft.ts'
import { bindSetOperation } from './set-operation.ts'
import { bindValues } from './values.ts'
import { bindWith } from './with.ts'

/** duckdb-hardening.md, section 5.3; PostgreSQL's own limit is 1,664. */
const columnsMax = 1_600

/** A query as an expression, a FROM item or a CTE has it: with a type for each column. */
export function bindQuery(tree: SelectStmt, parent: Scope, options: QueryOptions = {}): BoundQuery {
  const { context } = parent
  const query = finishDraft(context, bindDraft(tree, parent))
  return renameOutput(query, options.columnNames ?? [], context)
}

/** A query whose literals may still take a type from outside. */
export function bindDraft(tree: SelectStmt, parent: Scope): SelectDraft {
  const scope = new Scope(parent.context, parent)
  const withClause = bindWith(tree.withClause, scope)
  const draft = bindBody(tree, scope)
  if (draft.columns.length > columnsMax) throw tooManyColumns(columnsMax)
  if (withClause.ctes.length === 0) return draft
  return {
    ...draft,
    build: (targets) => {
      const query = draft.build(targets)
      return {
        ...query,
        with: [...withClause.ctes, ...query.with],
        recursive: withClause.recursive || query.recursive,
      }
    },
  }
}

function bindBody(tree: SelectStmt, scope: Scope): SelectDraft {
  if (tree.op !== undefined && tree.op !== 'SETOP_NONE') {
    return bindSetOperation(tree, scope, bindDraft)
  }
  return tree.valuesLists === undefined ? bindSelect(tree, scope) : bindValues(tree, scope)
}
