/** The clause in which an expression stands; it decides about aggregates and windows (parse_agg.c). */
export type Clause =
  | 'SELECT'
  | 'WHERE'
  | 'HAVING'
  | 'GROUP BY'
  | 'ORDER BY'
  | 'DISTINCT ON'
  | 'JOIN conditions'
  | 'functions in FROM'
  | 'VALUES'
  | 'LIMIT'
  | 'OFFSET'
  | 'UPDATE'
  | 'RETURNING'
  | 'FILTER'
  | 'window definitions'
  | 'aggregate arguments'
  | 'window arguments'
  | 'CHECK constraints'
  | 'DEFAULT expressions'
  | 'transform expressions'
  | 'DECLARE'
  | 'SAMPLE BY'
  | 'partition conditions'

interface ClauseRule {
  readonly aggregates: boolean
  readonly windows: boolean
}

const neither: ClauseRule = { aggregates: false, windows: false }
const both: ClauseRule = { aggregates: true, windows: true }

const rules = {
  SELECT: both,
  'ORDER BY': both,
  'DISTINCT ON': both,
  HAVING: { aggregates: true, windows: false },
  'window definitions': { aggregates: true, windows: false },
  'window arguments': { aggregates: true, windows: false },
  WHERE: neither,
  'GROUP BY': neither,
  'JOIN conditions': neither,
  'functions in FROM': neither,
  VALUES: neither,
  LIMIT: neither,
  OFFSET: neither,
  UPDATE: neither,
  RETURNING: neither,
  FILTER: neither,
  'aggregate arguments': neither,
  'CHECK constraints': neither,
  'DEFAULT expressions': neither,
  'transform expressions': neither,
  DECLARE: neither,
  'SAMPLE BY': neither,
  'partition conditions': neither,
} satisfies Record<Clause, ClauseRule>

export function allowsAggregates(clause: Clause): boolean {
  return rules[clause].aggregates
}

export function allowsWindows(clause: Clause): boolean {
  return rules[clause].windows
}
