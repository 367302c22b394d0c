import type { SelectStmt } from '@pgsql/types'
import type { BoundQuery, CteId } from '../../../store/bound.ts'
import { commonType } from '../../types/coerce.ts'
import { sameType } from '../../types/scalar.ts'
import { foldName } from '../../names.ts'
import { areNotSupported, datatypeMismatch, invalidRecursion } from '../binding-errors.ts'
import { argumentType, settle, typeWords } from '../coercion.ts'
import type { BindContext } from '../bind-context.ts'
import { Scope } from '../scope.ts'
import type { CteEntry } from '../scope.ts'
import { checkRecursiveReferences } from './recursive-reference.ts'
import { renameOutput } from './rename-output.ts'
import { finishDraft } from './select-draft.ts'
import type { SelectDraft } from './select-draft.ts'
import { combineArms } from './set-operation.ts'

interface RecursivePlace {
  readonly scope: Scope
  readonly id: CteId
  readonly name: string
  readonly columnNames: readonly string[]
}

/**
 * A query of WITH RECURSIVE: `term UNION [ALL] term`, of which the right one may refer to the query
 * itself; the left one says what its columns are (parse_cte.c, analyzeCTE).
 */
export function bindRecursive(tree: SelectStmt, place: RecursivePlace): BoundQuery {
  const { scope, columnNames } = place
  const { context } = scope
  const { larg, rarg } = tree
  if (tree.op !== 'SETOP_UNION' || larg === undefined || rarg === undefined) {
    scope.ctes.push(notOfForm(place))
    return context.binders.query(tree, scope, { columnNames })
  }
  if (tree.withClause !== undefined)
    throw areNotSupported('WITH clauses of a recursive query', undefined)
  const inner = new Scope(context, scope)
  const left = settledDraft(context.binders.draft(larg, inner), inner)
  const self = selfEntry(left, place)
  inner.ctes.push(self.entry)
  checkRecursiveReferences(rarg, { name: place.name, context })
  const right = context.binders.draft(rarg, inner)
  refuseAggregates(self.scopes(), context)
  if (self.scopes().length > 0) checkRecursiveTerm(tree, { left, right, place })
  const draft = combineArms(tree, { left, right, scope: inner })
  return renameOutput(finishDraft(context, draft), columnNames, context)
}

/** Any other query may stand under WITH RECURSIVE as long as it does not name itself. */
function notOfForm({ id, name, scope }: RecursivePlace): CteEntry {
  return {
    key: foldName(name),
    id,
    columns: [],
    weight: 1,
    use: (location) => {
      throw invalidRecursion(
        `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`,
        scope.context.offsetOf(location),
      )
    },
  }
}

function settledDraft(draft: SelectDraft, { context }: Scope): SelectDraft {
  return {
    ...draft,
    columns: draft.columns.map((column) => ({ ...column, value: settle(context, column.value) })),
  }
}

function selfEntry(
  left: SelectDraft,
  { id, name, columnNames, scope }: RecursivePlace,
): { readonly entry: CteEntry; readonly scopes: () => readonly Scope[] } {
  const scopes: Scope[] = []
  const entry: CteEntry = {
    key: foldName(name),
    id,
    columns: left.columns.map((column, index) => ({
      name: columnNames[index] ?? column.name,
      type: column.value.type,
    })),
    weight: 1,
    use: (location, user) => {
      scopes.push(user)
      if (scopes.length > 1) {
        throw invalidRecursion(
          `recursive reference to query "${name}" must not appear more than once`,
          scope.context.offsetOf(location),
        )
      }
    },
  }
  return { entry, scopes: () => scopes }
}

/** Each round sees the rows of the one before only, so that an aggregate of them would mislead. */
function refuseAggregates(scopes: readonly Scope[], context: BindContext): void {
  if (!scopes.some(({ hasAggregates }) => hasAggregates)) return
  throw invalidRecursion(
    "aggregate functions are not allowed in a recursive query's recursive term",
    context.offsetOf(undefined),
  )
}

function checkRecursiveTerm(
  tree: SelectStmt,
  given: {
    readonly left: SelectDraft
    readonly right: SelectDraft
    readonly place: RecursivePlace
  },
): void {
  const { left, right, place } = given
  const { context } = place.scope
  if (tree.sortClause !== undefined)
    throw areNotSupported('ORDER BY clauses of a recursive query', undefined)
  if (tree.limitCount !== undefined || tree.limitOffset !== undefined) {
    throw areNotSupported('LIMIT clauses of a recursive query', undefined)
  }
  for (const [index, column] of left.columns.entries()) {
    const first = column.value.type
    const other = right.columns[index]?.value
    if (first === undefined || first === 'unknown' || other?.type === undefined) continue
    const overall = commonType([first, argumentType(other)])
    if (overall !== undefined && !sameType(overall, first)) {
      throw datatypeMismatch(
        `recursive query "${place.name}" column ${index + 1} has type ${typeWords(first)} in non-recursive term but type ${typeWords(overall)} overall`,
        context.offsetOf(column.value.location),
        'Cast the output of the non-recursive term to the correct type.',
      )
    }
  }
}
