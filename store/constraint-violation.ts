import { SqlError } from '../errors/sql-error.ts'
import type { SqlErrorDetails } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { TargetConstraint } from './bound.ts'
import type { Program, ProgramTarget } from './store.ts'

/**
 * 23505 in PostgreSQL's words, without the key's values (rule R7). `key` is the engine's
 * `c1: 5, c2: x`; its values can hold anything, so its names count only as far as the table has them.
 */
export function uniqueViolation(
  key: string,
  target: ProgramTarget | undefined,
  isPrimaryKey = false,
): SqlError {
  const attnums = [...key.matchAll(/(?:^|, )c(\d+): /g)].map(([, attnum]) => Number(attnum))
  const constraint =
    target === undefined ? undefined : uniqueName(target, new Set(attnums), isPrimaryKey)
  const name = constraint === undefined ? '' : ` "${constraint}"`
  return new SqlError(
    SqlState.UniqueViolation,
    `duplicate key value violates unique constraint${name}`,
    detailsOf(target, constraint),
  )
}

/** 23502: of a statement that writes rows, or of ALTER TABLE, which found rows. */
export function notNullViolation(attnum: number, program: Program | undefined): SqlError {
  const target = program?.target
  const column = target?.columns.find((candidate) => candidate.attnum === attnum)?.name ?? '?'
  const table = target?.table ?? '?'
  const message =
    program?.kind === 'PhysicalChange'
      ? `column "${column}" of relation "${table}" contains null values`
      : `null value in column "${column}" of relation "${table}" violates not-null constraint`
  return new SqlError(SqlState.NotNullViolation, message, {
    ...detailsOf(target, undefined),
    ...(target === undefined ? {} : { column }),
  })
}

/** 23514, without the expression that the engine quotes. */
export function checkViolation(expression: string, target: ProgramTarget | undefined): SqlError {
  const attnums = [...expression.matchAll(/\bc(\d+)\b/g)].map(([, attnum]) => Number(attnum))
  const constraint = target === undefined ? undefined : checkName(target, new Set(attnums))
  const name = constraint === undefined ? '' : ` "${constraint}"`
  return new SqlError(
    SqlState.CheckViolation,
    `new row for relation "${target?.table ?? '?'}" violates check constraint${name}`,
    detailsOf(target, constraint),
  )
}

function uniqueName(
  target: ProgramTarget,
  attnums: ReadonlySet<number>,
  isPrimaryKey: boolean,
): string | undefined {
  const unique = (target.constraints ?? []).filter(({ kind }) => kind !== 'Check')
  if (attnums.size === 0) return unique.length === 1 ? unique[0]?.name : undefined
  const found =
    unique.find((constraint) => isOn(constraint, attnums)) ??
    unique.find(({ kind }) => isPrimaryKey && kind === 'PrimaryKey')
  if (found !== undefined) return found.name
  if (isPrimaryKey) return `${target.table}_pkey`
  return [target.table, ...namesOf(target, attnums), 'key'].join('_')
}

function checkName(target: ProgramTarget, attnums: ReadonlySet<number>): string | undefined {
  const checks = (target.constraints ?? []).filter(({ kind }) => kind === 'Check')
  if (checks.length > 0) {
    const candidates = checks.filter((constraint) => isOn(constraint, attnums))
    return candidates.length === 1 ? candidates[0]?.name : undefined
  }
  const names = namesOf(target, attnums)
  return [target.table, ...(names.length === 1 ? names : []), 'check'].join('_')
}

function isOn(constraint: TargetConstraint, attnums: ReadonlySet<number>): boolean {
  return (
    constraint.attnums.length === attnums.size &&
    constraint.attnums.every((attnum) => attnums.has(attnum))
  )
}

function namesOf(target: ProgramTarget, attnums: ReadonlySet<number>): readonly string[] {
  return target.columns.filter(({ attnum }) => attnums.has(attnum)).map(({ name }) => name)
}

function detailsOf(
  target: ProgramTarget | undefined,
  constraint: string | undefined,
): SqlErrorDetails {
  return {
    ...(target === undefined ? {} : { schema: target.schema, table: target.table }),
    ...(constraint === undefined ? {} : { constraint }),
  }
}
