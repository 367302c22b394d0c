/** Words that a name may not be where a GRANT of a hint has a table or a column, unless quoted. */
const reserved: ReadonlySet<string> = new Set(
  (
    'all and any array as asc asymmetric authorization between binary both case cast check collate ' +
    'collation column concurrently constraint create cross current_catalog current_date ' +
    'current_role current_schema current_time current_timestamp current_user default deferrable ' +
    'desc distinct do else end except exclude false fetch for foreign freeze from full grant group ' +
    'having ilike in initially inner intersect into is isnull join lateral leading left like limit ' +
    'localtime localtimestamp natural not notnull null offset on only option or order outer ' +
    'overlaps placing primary references returning right schema select session_user similar some ' +
    'symmetric system_user table tables tablesample then to trailing true union unique user using ' +
    'variadic verbose verification when where window with'
  ).split(' '),
)

/** A name as a statement must write it: bare where nobody can misread it, else in double quotes (N5). */
export function quoteName(text: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(text) && !reserved.has(text)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}
