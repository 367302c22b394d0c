/**
 * PostgreSQL 18's keywords that are more than a plain name (postgres `src/include/parser/kwlist.h`).
 * Those of its first category, UNRESERVED, are names wherever a name may stand and are not listed.
 */

/** RESERVED and TYPE_FUNC_NAME: never a table or column without quotes. */
const notANameWords = [
  'all analyse analyze and any array as asc asymmetric both case cast check collate column',
  'constraint create current_catalog current_date current_role current_time current_timestamp',
  'current_user default deferrable desc distinct do else end except false fetch for foreign from',
  'grant group having in initially intersect into lateral leading limit localtime localtimestamp',
  'not null offset on only or order placing primary references returning select session_user some',
  'symmetric system_user table then to trailing true union unique user using variadic when where',
  'window with',
  'authorization binary collation concurrently cross current_schema freeze full ilike inner is',
  'isnull join left like natural notnull outer overlaps right similar tablesample verbose',
]

/** COL_NAME: a table or column may be called so, but it looks like a type or a function elsewhere. */
const columnNameWords = [
  'between bigint bit boolean char character coalesce dec decimal exists extract float greatest',
  'grouping inout int integer interval json json_array json_arrayagg json_exists json_object',
  'json_objectagg json_query json_scalar json_serialize json_table json_value least merge_action',
  'national nchar none normalize nullif numeric out overlay position precision real row setof',
  'smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement',
  'xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable',
]

const notANameKeywords = keywordSet(notANameWords)
const columnNameKeywords = keywordSet(columnNameWords)

function keywordSet(lines: readonly string[]): ReadonlySet<string> {
  return new Set(asciiUpperCase(lines.join(' ')).split(' '))
}

/** Whether `word`, in upper case, can be a table or column without quotes: PostgreSQL's ColId. */
export function canNameRelation(word: string): boolean {
  return !notANameKeywords.has(word)
}

/** Whether PostgreSQL's quote_identifier puts `word` (lower case) in quotes for being a keyword. */
export function isQuotedKeyword(word: string): boolean {
  const upper = asciiUpperCase(word)
  return notANameKeywords.has(upper) || columnNameKeywords.has(upper)
}

/** PostgreSQL folds ASCII letters only (`src/backend/parser/scansup.c`, multibyte encodings). */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** See {@link asciiLowerCase}. */
export function asciiUpperCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
