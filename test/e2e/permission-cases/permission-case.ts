/**
 * The shape of a permission case: one statement that one permission of the registry decides, as data.
 * `run-permission-case.ts` says what is done with each.
 */
import type { Client } from 'pg'

/** A name of this run's own, by what it stands for: `n('t')`. No two runs share one. */
export type Naming = (what: string) => string

/** Where a permission of table or column granularity is needed. */
export interface CaseTarget {
  readonly table: string
  /** The columns that the statement needs it on, in table order; absent: the table as a whole. */
  readonly columns?: readonly string[]
  /** A column of the table on which holding it does not help. */
  readonly otherColumn?: string
  /** The error says `*` for the columns, which only a star reached (Z2). */
  readonly throughStar?: true
}

/** What happens to somebody who may. */
export type CaseOutcome =
  /**
   * What the admin is told by `probe` differs afterwards; of its rows those that say `about`, if given.
   * `eventually`: it is what the statement sets going, and the test waits for it.
   */
  | {
      readonly kind: 'Changes'
      readonly probe: string
      readonly about?: string
      readonly eventually?: true
    }
  /** The statement's own rows. */
  | { readonly kind: 'Returns'; readonly rows: readonly (readonly (string | null)[])[] }
  /** The statement's rows satisfy a condition: they hold keys, moments or numbers nobody can foresee. */
  | {
      readonly kind: 'ReturnsLike'
      readonly isRight: (rows: readonly (readonly (string | null)[])[]) => boolean
    }
  /** Nothing that can be seen from outside; the command tag is what there is. */
  | { readonly kind: 'Completes'; readonly command: string }
  /** The statement succeeds for everybody, and shows this to those who may only. */
  | {
      readonly kind: 'Reveals'
      readonly isShown: (rows: readonly (readonly (string | null)[])[]) => boolean
    }
  /** grantd does not have it and says so, to those who may only (questdb-rbac.md, section 11). */
  | { readonly kind: 'NotSupported'; readonly message: RegExp }

export interface CaseSteps {
  /** Statements of the admin, one transaction. */
  readonly setUp?: readonly string[]
  /** What the statement needs besides, held in every run: `SELECT ON t`. */
  readonly besides?: readonly string[]
  readonly statement: string
  /** Does the statement where a single simple query cannot. */
  readonly perform?: (client: Client, statement: string) => Promise<CaseAnswer>
  /** Absent: the permission is needed at the database. */
  readonly target?: CaseTarget
  readonly outcome: CaseOutcome
  /** What goes on meanwhile in a session of its own. */
  readonly meanwhile?: (open: () => Promise<Client>) => Promise<Meanwhile>
}

export interface Meanwhile {
  /** Stands in the statement and the probe as `{id}`. */
  readonly id: string
  readonly end: () => Promise<void>
}

export interface CaseAnswer {
  readonly command: string
  readonly rows: readonly (readonly (string | null)[])[]
}

export interface PermissionCase {
  readonly permission: string
  /** One of the registry's `checkedBy` of that permission, word for word. */
  readonly checkedBy: string
  /** Tells several cases of one `checkedBy` apart. */
  readonly note?: string
  /** Nothing else may go on meanwhile. */
  readonly alone?: true
  readonly steps: (n: Naming) => CaseSteps
}

/** A case of one permission and one `checkedBy`. */
export function permissionCase(
  permission: string,
  checkedBy: string,
  steps: PermissionCase['steps'],
  note?: string,
): PermissionCase {
  return { permission, checkedBy, steps, ...(note === undefined ? {} : { note }) }
}

/** A table of two days: `ts` designated, `v` a number, `s` a symbol, partitioned by day. */
export function dayTable(table: string): readonly string[] {
  return [
    `CREATE TABLE ${table} (ts TIMESTAMP, v INT, s SYMBOL) TIMESTAMP(ts) PARTITION BY DAY WAL`,
    `INSERT INTO ${table} VALUES ('2024-01-01T00:00:00Z', 1, 'a'), ('2024-01-02T00:00:00Z', 2, 'b')`,
  ]
}

/** Everything in a table, as a probe. */
export const rowsOf = (table: string): string => `SELECT * FROM ${table} ORDER BY 1`
export const columnsOf = (table: string): string => `SHOW COLUMNS FROM ${table}`
export const definitionOf = (table: string): string => `SHOW CREATE TABLE ${table}`
/** Whether a relation is there. */
export const relationIsThere = (table: string): string =>
  `SELECT count(*) FROM tables() WHERE table_name = '${table}'`
