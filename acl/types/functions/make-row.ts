/** Short makers of rows. */
import { unsupportedForm } from '../errors.ts'
import { call } from '../expressions.ts'
import type { DeclaredType } from '../select-candidate.ts'
import type { AggregateRow, ScalarRow } from './row.ts'

type Build = ScalarRow['build']

/** A scalar function that the engine has with the same meaning, under the same name or another. */
export function engine(
  name: string,
  args: readonly DeclaredType[],
  result: DeclaredType,
  engineName: string = name,
): ScalarRow {
  return built(name, args, result, (given, context) => call(engineName, given, context.result))
}

/** A scalar function that runs as another expression. */
export function built(
  name: string,
  args: readonly DeclaredType[],
  result: DeclaredType,
  build: Build,
): ScalarRow {
  return { kind: 'Scalar', name, arguments: args, result, build }
}

/** A scalar function whose last argument repeats. */
export function variadic(row: ScalarRow): ScalarRow {
  return { ...row, variadic: true }
}

/** An aggregate that the engine has with the same meaning and result type. */
export function aggregate(
  name: string,
  args: readonly DeclaredType[],
  result: DeclaredType,
  engineName: string = name,
): AggregateRow {
  return {
    kind: 'Aggregate',
    name,
    arguments: args,
    result,
    build: (given, complete, context) =>
      complete({ function: engineName, arguments: given, type: context.result }),
  }
}

/** A function that PostgreSQL would choose and that has no exact form here: chosen, then refused. */
export function refused(
  name: string,
  args: readonly DeclaredType[],
  result: DeclaredType,
  what: string,
): ScalarRow {
  return built(name, args, result, () => {
    throw unsupportedForm(name, what)
  })
}
