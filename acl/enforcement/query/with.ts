import type { CommonTableExpr, WithClause } from '@pgsql/types'
import type { BoundCte, BoundQuery } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { areNotSupported, duplicateWithName, tooComplex } from '../binding-errors.ts'
import type { CteEntry, Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { bindRecursive } from './recursive.ts'

/** The CTEs of a statement, bound. */
export interface BoundWith {
  readonly ctes: readonly BoundCte[]
  readonly recursive: boolean
}

/** duckdb-hardening.md, section 5.3: CTEs that double along a chain cost the planner minutes. */
const expansionMax = 1_000

/** WITH (parse_cte.c): each CTE sees those before it; with RECURSIVE itself as well. */
export function bindWith(clause: WithClause | undefined, scope: Scope): BoundWith {
  if (clause === undefined) return { ctes: [], recursive: false }
  const { context } = scope
  const recursive = clause.recursive ?? false
  const trees = (clause.ctes ?? []).flatMap((node) =>
    'CommonTableExpr' in node ? [node.CommonTableExpr] : [],
  )
  checkNames(trees, scope)
  if (recursive) scope.ctes.push(...trees.map((tree) => forwardReference(tree, scope)))
  const ctes = trees.flatMap((tree) => {
    const cte = context.attempt(() => bindCte(tree, scope, recursive), undefined)
    if (cte === undefined) scope.ctes.push(failedCte(tree))
    return cte ?? []
  })
  return { ctes, recursive }
}

function checkNames(trees: readonly CommonTableExpr[], scope: Scope): void {
  const seen = new Set<string>()
  for (const { ctename = '', location } of trees) {
    const key = foldName(ctename)
    if (seen.has(key)) throw duplicateWithName(ctename, scope.context.offsetOf(location))
    seen.add(key)
  }
}

/** With RECURSIVE a name means its CTE before that is bound: then the order matters to us. */
function forwardReference(tree: CommonTableExpr, { context }: Scope): CteEntry {
  const { ctename = '' } = tree
  return {
    key: foldName(ctename),
    id: 0,
    columns: [],
    weight: 1,
    use: (location) => {
      throw areNotSupported(
        `references to WITH query "${ctename}" before its definition`,
        context.offsetOf(location),
      )
    },
  }
}

/** Its name must not mean a table from now on. */
function failedCte({ ctename = '' }: CommonTableExpr): CteEntry {
  return {
    key: foldName(ctename),
    id: 0,
    columns: [],
    weight: 1,
    use: () => undefined,
    failed: true,
  }
}

function bindCte(tree: CommonTableExpr, scope: Scope, recursive: boolean): BoundCte {
  const { context } = scope
  const { ctename = '', ctequery, location } = tree
  if (ctequery === undefined || !('SelectStmt' in ctequery)) {
    throw areNotSupported('data-modifying statements in WITH', context.offsetOf(location))
  }
  const id = context.newCte()
  const columnNames = stringsOf(tree.aliascolnames)
  const { result: query, weight } = context.weigh(() =>
    recursive
      ? bindRecursive(ctequery.SelectStmt, { scope, id, name: ctename, columnNames })
      : context.binders.query(ctequery.SelectStmt, scope, { columnNames }),
  )
  scope.ctes.push(cteEntry({ name: ctename, id, query, weight, scope }))
  return {
    id,
    query,
    columnCount: query.columns.length,
    ...materialization(tree),
  }
}

function materialization(tree: CommonTableExpr): { readonly materialized?: boolean } {
  if (tree.ctematerialized === 'CTEMaterializeAlways') return { materialized: true }
  return tree.ctematerialized === 'CTEMaterializeNever' ? { materialized: false } : {}
}

function cteEntry(given: {
  readonly name: string
  readonly id: number
  readonly query: BoundQuery
  readonly weight: number
  readonly scope: Scope
}): CteEntry {
  const { name, id, query, weight, scope } = given
  const { context } = scope
  return {
    key: foldName(name),
    id,
    columns: query.columns.map((column) => ({ name: column.name, type: column.type })),
    ...(query.timestamp === undefined ? {} : { timestamp: query.timestamp }),
    weight,
    use: () => {
      if (context.addWeight(weight) > expansionMax) {
        throw tooComplex(`WITH queries expand to more than ${expansionMax} references`)
      }
    },
  }
}
