import type { BoundTableFunction } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { ambiguousFunction } from './errors.ts'
import { signatureText } from './functions.ts'
import type { ArgumentType } from './scalar.ts'
import { selectCandidate } from './select-candidate.ts'
import type { DeclaredType, Signature } from './select-candidate.ts'

/** A set-returning function in FROM. */
export interface ResolvedTableFunction {
  readonly function: BoundTableFunction['function']
  readonly arguments: readonly SqlType[]
  /** Types of its columns; PostgreSQL names the only column after the function or the alias. */
  readonly columns: readonly SqlType[]
}

interface TableRow extends Signature {
  readonly function: BoundTableFunction['function']
  readonly column: DeclaredType
}

function series(type: DeclaredType, step: DeclaredType): readonly TableRow[] {
  return [{ function: 'generate_series', arguments: [type, type, step], column: type }]
}

const rows: readonly TableRow[] = [
  ...(['int4', 'int8', 'numeric'] as const).flatMap((type) => [
    { function: 'generate_series', arguments: [type, type], column: type } as const,
    ...series(type, type),
  ]),
  ...series('timestamp', 'interval'),
  ...series('timestamptz', 'interval'),
  { function: 'generate_subscripts', arguments: ['anyarray', 'int4'], column: 'int4' },
]

/**
 * The set-returning function that PostgreSQL would choose; undefined if there is none (42883).
 * `unnest(a, b)` gives a column for each of its arrays.
 * @throws SqlError 42725 where PostgreSQL cannot choose
 */
export function resolveTableFunction(use: {
  readonly name: string
  readonly arguments: readonly ArgumentType[]
}): ResolvedTableFunction | undefined {
  if (use.name === 'unnest') return resolveUnnest(use.arguments)
  const candidates = rows.filter((row) => row.function === use.name)
  const selection = selectCandidate(candidates, use.arguments)
  if (selection.kind === 'Ambiguous') {
    throw ambiguousFunction(signatureText(use.name, use.arguments))
  }
  if (selection.kind === 'None') return undefined
  const { candidate, arguments: types, resolve } = selection.match
  return {
    function: candidate.function,
    arguments: types,
    columns: [resolve(candidate.column)],
  }
}

function resolveUnnest(types: readonly ArgumentType[]): ResolvedTableFunction | undefined {
  const arrays = types.filter((type) => type !== 'unknown').filter((type) => type.kind === 'Array')
  if (arrays.length === 0 || arrays.length !== types.length) return undefined
  return { function: 'unnest', arguments: arrays, columns: arrays.map((array) => array.element) }
}
