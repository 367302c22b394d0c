/**
 * Some meanings of PostgreSQL need an operand more than once (`CASE WHEN d = 0 ... ELSE n / d END`).
 * Repeating its text would double it at every level and run it twice, so only short and pure text is
 * repeated; anything else becomes the argument of a lambda function of the engine.
 */

/** Longer text than this is not repeated. */
const repeatedLengthMax = 60

/** Subqueries are run again at each mention, volatile functions give another value. */
const notRepeatable = /SELECT|VALUES|lambda|random|uuid/i

function isRepeatable(sql: string): boolean {
  return sql.length <= repeatedLengthMax && !notRepeatable.test(sql)
}

/**
 * The SQL that `body` makes from names for the given expressions, each evaluated once. The names are
 * numbered by what the expressions contain, so that the same expression always prints the same:
 * the engine compares GROUP BY and target list by text.
 */
export function withValues(
  expressions: readonly string[],
  body: (...values: readonly string[]) => string,
): string {
  if (expressions.every(isRepeatable)) return body(...expressions)
  const name = `"v${nextNumber(expressions)}"`
  const fields = expressions.map((sql, index) => `'f${index + 1}': ${sql}`)
  const values = expressions.map((_, index) => `${name}['f${index + 1}']`)
  return `list_transform([{${fields.join(', ')}}], lambda ${name}: ${body(...values)})[1]`
}

/** A number for a lambda's name that stands in none of the texts. */
export function nextNumber(texts: readonly string[]): number {
  const used = texts.flatMap((text) =>
    [...text.matchAll(/"v(\d{1,6})"/g)].map(([, n]) => Number(n)),
  )
  return Math.max(0, ...used) + 1
}

/** `list_transform(list, lambda v: body(v))`; `inner` are the other texts that the body mentions. */
export function mapList(
  list: string,
  inner: readonly string[],
  body: (element: string) => string,
): string {
  const name = `"v${nextNumber([list, ...inner])}"`
  return `list_transform(${list}, lambda ${name}: ${body(name)})`
}
