import { beforeAll, expect, test } from '@jest/globals'
import { SqlError } from '../../errors/sql-error.ts'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import corpus from '../corpus/client-queries.json' with { type: 'json' }
import vectors from '../vectors/questdb-rbac.json' with { type: 'json' }

beforeAll(async () => loadParser())

/** The kinds of the statements of a text, or the state of the error. Anything else thrown is thrown on. */
function outcome(sql: string): string {
  try {
    const kinds = parseStatements(sql).map(({ statement }) => statement.kind)
    return kinds.length === 0 ? 'nothing' : [...new Set(kinds)].join(' ')
  } catch (error) {
    if (error instanceof SqlError) return error.sqlState
    throw error
  }
}

test('what clients send is read, or refused for a reason', () => {
  const counts: Record<string, number> = {}
  for (const { sql } of corpus) {
    const found = outcome(sql)
    counts[found] = (counts[found] ?? 0) + 1
  }
  expect(counts).toEqual({
    '0A000': 292,
    '42601': 18,
    AddColumn: 11,
    AlterColumn: 9,
    Begin: 53,
    'Begin Query Commit': 1,
    'Begin SetTransaction': 1,
    ClosePortal: 12,
    Commit: 39,
    CreateTable: 68,
    'CreateTable Query': 1,
    CreateView: 2,
    Deallocate: 13,
    Delete: 27,
    DiscardAll: 5,
    DropColumn: 5,
    DropTable: 46,
    DropView: 1,
    Explain: 4,
    Grant: 1,
    Insert: 138,
    Query: 1131,
    'Query Insert': 1,
    ReleaseSavepoint: 5,
    Reindex: 1,
    RenameColumn: 4,
    RenameTable: 4,
    ResetSetting: 5,
    Rollback: 20,
    RollbackToSavepoint: 12,
    'RollbackToSavepoint ReleaseSavepoint': 1,
    Savepoint: 16,
    SetSetting: 52,
    SetTransaction: 3,
    ShowSetting: 16,
    Truncate: 4,
    Unlisten: 4,
    UnsupportedStatement: 12,
    Update: 35,
    nothing: 9,
  })
})

/** All that PostgreSQL refused to parse, in its own error. */
test('what PostgreSQL did not parse does not parse', () => {
  const texts = corpus.filter((entry) => 'sqlstate' in entry && entry.sqlstate === '42601')
  expect(texts.length).toBeGreaterThan(0)
  expect(texts.map(({ sql }) => outcome(sql))).toEqual(texts.map(() => '42601'))
})

/** Parts of the dialect that are refused with 0A000, and words that only the access model can judge. */
const notParsed = /DECLARE/

test('each vector of the access dialect parses, but for those that expect a syntax error', () => {
  const unexpected: string[] = []
  for (const { steps } of vectors) {
    for (const { sql, expect: expected } of steps) {
      const found = outcome(sql)
      const wantsSyntaxError = JSON.stringify(expected).includes('42601')
      const isRight =
        found === '0A000' ? notParsed.test(sql) : found !== '42601' || wantsSyntaxError
      if (!isRight) unexpected.push(sql)
    }
  }
  expect(unexpected).toEqual([])
})
