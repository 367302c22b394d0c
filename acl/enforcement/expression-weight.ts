/**
 * How much text an expression comes to. A bound expression shares parts (the operand of CASE stands in
 * each WHEN), and printed they stand there each time: a text of one kilobyte can double its way to
 * gigabytes (duckdb-hardening.md, section 5.3).
 */

/** More than a text of the parser's limits comes to without doubling. */
export const expressionWeightMax = 100_000

const weights = new WeakMap<object, number>()

/** The nodes of an expression, a part that is shared counted at each place. Each part is looked at once. */
export function weightOf(value: unknown): number {
  if (!isObject(value) || isPlain(value)) return 0
  const known = weights.get(value)
  if (known !== undefined) return known
  const isList = Array.isArray(value)
  const parts: readonly unknown[] = isList ? value : Object.values(value)
  const weight = parts.reduce((sum: number, part) => sum + weightOf(part), isList ? 0 : 1)
  weights.set(value, weight)
  return weight
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Bytes, and types without fields: what does not grow. */
function isPlain(value: object): boolean {
  return value instanceof Uint8Array || ('kind' in value && value.kind === 'Scalar')
}
