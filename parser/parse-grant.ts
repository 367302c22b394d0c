import { parsePrincipal, parseQualifiedName, parseRelationName } from './name.ts'
import { quoteName } from './quote.ts'
import type {
  AccessStatement,
  GrantTargets,
  Name,
  PermissionWord,
  TableTarget,
  TargetColumns,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * grant        = "GRANT" permissions [ "ON" targets ] "TO" entity { grant_opt } ;
 * grant_assume = "GRANT" "ASSUME" "SERVICE" "ACCOUNT" account "TO" entity { grant_opt } ;
 */
export function parseGrant(reader: TokenReader): AccessStatement {
  reader.expectWords('GRANT')
  if (reader.acceptWords('ASSUME', 'SERVICE', 'ACCOUNT')) {
    const account = parsePrincipal(reader)
    reader.expectWords('TO')
    const grantee = parseGrantee(reader)
    return { kind: 'GrantAssume', account, grantee, ...parseGrantOptions(reader) }
  }
  const permissions = reader.list(() => parsePermission(reader))
  const targets = parseTargets(reader)
  reader.expectWords('TO')
  const grantee = parseGrantee(reader)
  return { kind: 'Grant', permissions, targets, grantee, ...parseGrantOptions(reader) }
}

/**
 * revoke        = "REVOKE" permissions [ "ON" targets ] "FROM" entity ;
 * revoke_assume = "REVOKE" "ASSUME" "SERVICE" "ACCOUNT" account "FROM" entity ;
 */
export function parseRevoke(reader: TokenReader): AccessStatement {
  reader.expectWords('REVOKE')
  if (reader.acceptWords('ASSUME', 'SERVICE', 'ACCOUNT')) {
    const account = parsePrincipal(reader)
    reader.expectWords('FROM')
    return { kind: 'RevokeAssume', account, grantee: parseGrantee(reader) }
  }
  if (reader.atWords('GRANT', 'OPTION', 'FOR') || reader.atWords('ADMIN', 'OPTION', 'FOR')) {
    throw reader.foreign('To take the grant option away, GRANT again without WITH GRANT OPTION.')
  }
  const permissions = reader.list(() => parsePermission(reader))
  const targets = parseTargets(reader)
  reader.expectWords('FROM')
  const grantee = parseGrantee(reader)
  if (reader.atWords('CASCADE') || reader.atWords('RESTRICT')) {
    throw reader.foreign(
      `Use REVOKE ... FROM ${quoteName(grantee.text)}; what was passed on stays.`,
    )
  }
  return { kind: 'Revoke', permissions, targets, grantee }
}

/** One grantee per statement (Y1). */
function parseGrantee(reader: TokenReader): Name {
  const grantee = parsePrincipal(reader)
  if (reader.atSymbol(','))
    throw reader.foreign('Use one statement for each grantee: ... TO a; ... TO b.')
  return grantee
}

/** grant_opt = "WITH" "GRANT" "OPTION" | "WITH" "VERIFICATION" ; each at most once, any order */
function parseGrantOptions(reader: TokenReader): { grantOption: boolean; verification: boolean } {
  const options = { grantOption: false, verification: false }
  while (reader.acceptWords('WITH')) {
    if (reader.atWords('ADMIN', 'OPTION')) throw reader.foreign('Use WITH GRANT OPTION.')
    if (!options.grantOption && reader.acceptWords('GRANT')) {
      reader.expectWords('OPTION')
      options.grantOption = true
    } else if (!options.verification && reader.acceptWords('VERIFICATION')) {
      options.verification = true
    } else {
      throw reader.unexpected()
    }
  }
  return options
}

/**
 * permission = word { word } ;
 *
 * Which names there are is the model's to know: all words are taken up to what ends a permission.
 */
function parsePermission(reader: TokenReader): PermissionWord {
  const start = reader.peek().start
  const words: string[] = []
  for (;;) {
    const token = reader.peek()
    if (token.kind !== 'Word' || endsPermission(reader, words)) break
    words.push(token.word)
    reader.skip(1)
  }
  const text = words.join(' ')
  if (words.length === 0) throw reader.unexpected()
  if (reader.atSymbol('(')) throw reader.foreign(`Use ${text} ON table(column, ...).`)
  const end = reader.previous().end
  if (text === 'ALL PRIVILEGES') {
    reader.skip(-1)
    throw reader.foreign('Use ALL.')
  }
  return { text, span: { start, end } }
}

/** ON, TO and FROM end a permission; but two have a TO of their own (section 4). */
function endsPermission(reader: TokenReader, words: readonly string[]): boolean {
  if (reader.atWords('ON') || reader.atWords('FROM')) return true
  if (!reader.atWords('TO')) return false
  const isConversion = words.join(' ') === 'CONVERT PARTITION'
  return !(isConversion && (reader.atWords('TO', 'NATIVE') || reader.atWords('TO', 'PARQUET')))
}

/** targets = "ALL" "TABLES" | target { "," target } ; their absence is the database (L4) */
function parseTargets(reader: TokenReader): GrantTargets {
  if (!reader.acceptWords('ON')) return { kind: 'Database' }
  const start = reader.peek().start
  if (reader.acceptWords('ALL')) {
    reader.expectWords('TABLES')
    const end = reader.previous().end
    if (reader.atWords('IN', 'SCHEMA')) throw reader.foreign('Use ON ALL TABLES.')
    return { kind: 'AllTables', span: { start, end } }
  }
  return { kind: 'Tables', targets: reader.list(() => parseTarget(reader)) }
}

/** What PostgreSQL lets stand between ON and a name. */
const foreignObjectWords = ['DATABASE', 'SCHEMA', 'SEQUENCE', 'FUNCTION', 'TYPE', 'LANGUAGE']

/** target = table [ "(" columns ")" ] ; */
function parseTarget(reader: TokenReader): TableTarget {
  refuseObjectWord(reader)
  const table = parseQualifiedName(reader)
  if (!reader.acceptSymbol('(')) return { table }
  const columns = parseColumns(reader)
  reader.expectSymbol(')')
  return { table, columns }
}

function refuseObjectWord(reader: TokenReader): void {
  if (reader.atWords('TABLE'))
    throw reader.foreign('Use ON and the name of the table: GRANT SELECT ON t TO u.')
  const after = reader.peek(1)
  const isName = after.kind === 'QuotedName' || (after.kind === 'Word' && !isEndOfTargets(after))
  if (!isName) return
  if (foreignObjectWords.some((word) => reader.atWords(word))) {
    throw reader.foreign(
      'Use no ON for the database, ON ALL TABLES, ON table or ON table(column, ...).',
    )
  }
}

function isEndOfTargets({ word }: { readonly word: string }): boolean {
  return word === 'TO' || word === 'FROM'
}

/** columns = column { "," column } | "*" [ "EXCLUDE" "(" column { "," column } ")" ] ; */
function parseColumns(reader: TokenReader): TargetColumns {
  const { start } = reader.peek()
  if (!reader.atOperator('*')) {
    return { kind: 'ColumnList', columns: reader.list(() => parseRelationName(reader)) }
  }
  reader.skip(1)
  const exclude = reader.acceptWords('EXCLUDE')
    ? reader.parenthesised(() => parseRelationName(reader))
    : []
  return { kind: 'Star', exclude, span: { start, end: reader.previous().end } }
}
