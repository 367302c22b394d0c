/**
 * The names that reach the engine: all are generated from numbers, so that no identifier of a user is
 * ever one of the engine's (rule R1; duckdb-hardening.md, section 2.1).
 */
import { invariant } from '../../errors/invariant.ts'

function numbered(prefix: string, number: number): string {
  invariant(Number.isSafeInteger(number) && number >= 0, `a name from the number ${number}`)
  return `"${prefix}${number}"`
}

/** A FROM item: `"r1"`. */
export function rangeName(range: number): string {
  return numbered('r', range)
}

/** A join that is printed as a derived table, by the first of its right side: `"j1"`. */
export function joinName(range: number): string {
  return numbered('j', range)
}

/** A CTE: `"q1"`. */
export function cteName(cte: number): string {
  return numbered('q', cte)
}

/** An output column or the column of a projection: `"k1"`. */
export function outputName(position: number): string {
  return numbered('k', position)
}

/** A column of a physical table: `"c1"`. */
export function columnName(attnum: number): string {
  return numbered('c', attnum)
}

/** A physical table without its database: `"t7"`. */
export function tableName(oid: number): string {
  return numbered('t', oid)
}

/** A physical table in full: `"d_5f"."main"."t7"`. */
export function qualifiedTableName(database: string, oid: number): string {
  invariant(/^[a-z_][a-z0-9_]*$/.test(database), 'the alias of the database is a plain name')
  return `"${database}"."main".${tableName(oid)}`
}

/** A function of the engine, by its name from the list of allowed functions. */
export function functionName(name: string): string {
  invariant(/^[a-z_][a-z0-9_]*$/.test(name), 'a function of the engine has a plain name')
  return `"${name}"`
}

/** `"k1", "k2", ...`: a query without columns has one all the same, since the engine wants one. */
export function outputNames(count: number): string {
  return Array.from({ length: Math.max(count, 1) }, (_, index) => outputName(index + 1)).join(', ')
}
