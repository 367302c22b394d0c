/**
 * Statements whose permission the registry has and which grantd does not have in this version. They are read
 * up to the name that the permission is needed on: who holds it is told that the statement is not supported,
 * anybody else that it is not allowed (questdb-rbac.md, section 4 and D32).
 */
import { parsePrincipal, parseQualifiedName } from './name.ts'
import type { AlteredTable, UnsupportedStatement } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

type Row = Pick<UnsupportedStatement, 'permission' | 'words'> & {
  /** What the statement begins with. */
  readonly first: readonly string[]
}

function row(words: string, permission = words): Row {
  return { first: words.split(' '), words, permission }
}

/** Those that need a permission of the database. */
const onDatabase: readonly Row[] = [row('CREATE MATERIALIZED VIEW'), row('CREATE LIVE VIEW')]

/** Those that need one on the view that is named next; there is no such view. */
const onView: readonly Row[] = [
  row('ALTER MATERIALIZED VIEW'),
  row('DROP MATERIALIZED VIEW'),
  row('DROP LIVE VIEW'),
  row('REFRESH MATERIALIZED VIEW'),
]

/** What ALTER TABLE t begins with that needs one on the table. */
const onTable: readonly Row[] = [
  row('SET STORAGE POLICY'),
  row('DROP STORAGE POLICY', 'REMOVE STORAGE POLICY'),
  row('ENABLE STORAGE POLICY'),
  row('DISABLE STORAGE POLICY'),
  row('SET FORMAT', 'SET TABLE FORMAT'),
]

/** The statement that begins here, if it is one of them. */
export function parseUnsupportedStatement(reader: TokenReader): UnsupportedStatement | undefined {
  const whole = onDatabase.find(({ first }) => reader.atWords(...first))
  if (whole !== undefined) return unsupportedStatement(reader, whole)
  const ofView = onView.find(({ first }) => reader.atWords(...first))
  if (ofView !== undefined) return parseOnView(reader, ofView)
  return parseMemoryLimit(reader)
}

function parseOnView(reader: TokenReader, { first, words, permission }: Row): UnsupportedStatement {
  reader.skip(first.length)
  reader.acceptWords('IF', 'EXISTS')
  const target = { kind: 'View', view: parseQualifiedName(reader) } as const
  if (permission !== 'ALTER MATERIALIZED VIEW' || !reader.atWords('SET', 'REFRESH')) {
    return unsupportedStatement(reader, { words, permission, target })
  }
  const setting = reader.atWords('SET', 'REFRESH', 'LIMIT') ? 'SET REFRESH LIMIT' : 'SET REFRESH'
  return unsupportedStatement(reader, {
    words: `${words} ... ${setting}`,
    permission: setting === 'SET REFRESH' ? 'SET REFRESH TYPE' : setting,
    target,
  })
}

/** "ALTER" ( "USER" | "SERVICE" "ACCOUNT" ) name "SET" "MEMORY" "LIMIT" ... */
function parseMemoryLimit(reader: TokenReader): UnsupportedStatement | undefined {
  const head = [
    ['ALTER', 'USER'],
    ['ALTER', 'SERVICE', 'ACCOUNT'],
  ].find((words) => reader.atWords(...words))
  if (head === undefined) return undefined
  const isLimit = ['SET', 'MEMORY', 'LIMIT'].every((word, place) => {
    const token = reader.peek(head.length + 1 + place)
    return token.kind === 'Word' && token.word === word
  })
  if (!isLimit) return undefined
  reader.skip(head.length)
  parsePrincipal(reader)
  const words = `${head.join(' ')} ... SET MEMORY LIMIT`
  return unsupportedStatement(reader, { words, permission: 'SET MEMORY LIMIT' })
}

/** What ALTER TABLE t does next, if it is one of them. */
export function parseUnsupportedTableAction(
  reader: TokenReader,
  table: AlteredTable,
): UnsupportedStatement | undefined {
  const target = { kind: 'Table', ...table } as const
  const found = onTable.find(({ first }) => reader.atWords(...first))
  if (found !== undefined) {
    const { words, permission } = found
    return unsupportedStatement(reader, { words: `ALTER TABLE ... ${words}`, permission, target })
  }
  if (!reader.atWords('CONVERT', 'PARTITION')) return undefined
  const to = conversionTarget(reader)
  const permission = `CONVERT PARTITION TO ${to}`
  return unsupportedStatement(reader, {
    words: `ALTER TABLE ... ${permission}`,
    permission,
    target,
  })
}

/** "CONVERT" "PARTITION" "TO" ( "PARQUET" | "NATIVE" ) ... */
function conversionTarget(reader: TokenReader): 'PARQUET' | 'NATIVE' {
  if (reader.atWords('CONVERT', 'PARTITION', 'TO', 'NATIVE')) return 'NATIVE'
  if (reader.atWords('CONVERT', 'PARTITION', 'TO', 'PARQUET')) return 'PARQUET'
  reader.skip(2)
  reader.expectWords('TO')
  throw reader.unexpected()
}

/** The statement as one that is refused after its check; the rest of it is passed over. */
export function unsupportedStatement(
  reader: TokenReader,
  given: Pick<UnsupportedStatement, 'permission' | 'words' | 'target'>,
): UnsupportedStatement {
  const { start } = reader.peek()
  reader.skipToEnd()
  return {
    kind: 'UnsupportedStatement',
    permission: given.permission,
    words: given.words,
    ...(given.target === undefined ? {} : { target: given.target }),
    text: reader.source.slice(reader.start, reader.end),
    span: { start, end: reader.end },
  }
}
