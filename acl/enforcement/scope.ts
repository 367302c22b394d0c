import type { CteId, RangeId } from '../../store/bound.ts'
import { foldName } from '../names.ts'
import type { FoldedName, RelationName } from '../names.ts'
import type { BindContext } from './bind-context.ts'
import type { KnownType, TypedExpression } from './typed-expression.ts'
import type { WindowDef } from '@pgsql/types'

/** A column that a name can mean. */
export interface ScopeColumn {
  readonly name: string
  readonly key: FoldedName
  readonly type: KnownType
  /** Where the bound tree has it, if it stands there as it is. */
  readonly reference?: { readonly range: RangeId; readonly column: number }
  /** Notes that the statement reads the column, and refers to it. */
  readonly read: (how: ReadHow) => TypedExpression
}

export interface ReadHow {
  /** Reached by `*` or a whole row, not by its own name (Z2). */
  readonly throughStar: boolean
  readonly location: number | undefined
  /** The name as the statement wrote it. */
  readonly written?: string
}

/** PostgreSQL's ParseNamespaceItem: a FROM item under the name by which the query may use it. */
export interface NamespaceItem {
  /** Absent: a join without alias, whose columns have names but which has none itself. */
  readonly name?: { readonly text: string; readonly key: FoldedName }
  /** Set if the name is a relation's own: `schema.table.column` then means it, too. */
  readonly relation?: RelationName
  readonly columns: readonly ScopeColumn[]
  /** What to do when a column is named that it lacks. */
  readonly missing: (column: string) => void
  /** Stands for a relation that does not exist: the error is known, any column will do. */
  readonly unknown: boolean
  /**
   * The column by which its rows are a time series: the designated timestamp of a table, or what of it a
   * query hands on. Absent: none.
   */
  readonly timestamp?: ScopeColumn
  /** May be named as `t.c`. */
  readonly nameVisible: boolean
  /** Its columns may be named bare. */
  readonly columnsVisible: boolean
  /** Only LATERAL items may refer to it for now ... */
  readonly lateralOnly: boolean
  /** ... and if they may at all: not from the nullable side of an outer join. */
  readonly lateralAllowed: boolean
}

/** A common table expression as a name in FROM. */
export interface CteEntry {
  readonly key: FoldedName
  readonly id: CteId
  readonly columns: readonly { readonly name: string; readonly type: KnownType }[]
  /** The position, from 1, of the column that is its designated timestamp. */
  readonly timestamp?: number
  /** How often it stands for its whole chain of CTEs (hardening 5.3). */
  readonly weight: number
  readonly use: (location: number | undefined, scope: Scope) => void
  /** It could not be bound, which is noted: a reference to it is no error of its own. */
  readonly failed?: true
}

/** PostgreSQL's ParseState: the names of one SELECT, INSERT, UPDATE or DELETE. */
export class Scope {
  readonly context: BindContext
  readonly parent: Scope | undefined
  items: readonly NamespaceItem[] = []
  /** LATERAL is being bound: items that are for it alone count. */
  lateralActive = false
  readonly ctes: CteEntry[] = []
  readonly ownRanges = new Set<RangeId>()
  /** What aggregates and window functions were found at this level. */
  hasAggregates = false
  hasWindows = false
  windows: ReadonlyMap<FoldedName, WindowDef> = new Map()
  /** The designated timestamp of what stands first in FROM. */
  timestamp: ScopeColumn | undefined

  constructor(context: BindContext, parent?: Scope) {
    this.context = context
    this.parent = parent
  }

  /** The CTE that a bare name in FROM means; inner ones hide outer ones. */
  cte(name: string): CteEntry | undefined {
    const key = foldName(name)
    for (const scope of scopesFrom(this)) {
      const found = scope.ctes.findLast((entry) => entry.key === key)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** The scopes from the innermost outwards. */
export function* scopesFrom(scope: Scope): Generator<Scope> {
  for (let next: Scope | undefined = scope; next !== undefined; next = next.parent) yield next
}

/** A copy of each item with some of its visibility changed. */
export function withVisibility(
  items: readonly NamespaceItem[],
  change: Partial<
    Pick<NamespaceItem, 'nameVisible' | 'columnsVisible' | 'lateralOnly' | 'lateralAllowed'>
  >,
): readonly NamespaceItem[] {
  return items.map((item) => ({ ...item, ...change }))
}
