import { parseAlterTable, parseRenameTable } from './parse-alter-table.ts'
import { parseBackup, parseCheckpoint, parseSnapshot } from './parse-backup.ts'
import { parseCopy } from './parse-copy.ts'
import { parseCreateTable } from './parse-create-table.ts'
import { parsePostgresStatement } from './parse-data-statement.ts'
import { parseDropTable, parseDropView, parseTruncate } from './parse-drop.ts'
import { parseExplain } from './parse-explain.ts'
import { parseGrant, parseRevoke } from './parse-grant.ts'
import {
  parseAddUser,
  parseAlterGroup,
  parseAlterServiceAccount,
  parseAlterUser,
  parseCreateGroup,
  parseCreateServiceAccount,
  parseCreateUser,
  parseDropPrincipal,
  parseRemoveUser,
} from './parse-principal.ts'
import {
  parseAssume,
  parseClose,
  parseDeallocate,
  parseDiscard,
  parseExit,
  parseUnlisten,
} from './parse-session.ts'
import { parseReset, parseSet } from './parse-setting.ts'
import { parseShow } from './parse-show.ts'
import {
  parseBegin,
  parseCommit,
  parseRelease,
  parseRollback,
  parseSavepoint,
} from './parse-transaction.ts'
import { parseReindex, parseVacuum } from './parse-table-upkeep.ts'
import { parseUnsupportedStatement } from './parse-unsupported.ts'
import { parseAlterView, parseCompileView, parseCreateView } from './parse-view.ts'
import { parseCancelQuery, serverCallOf } from './parse-server.ts'
import { refuseQuestDbStatement } from './questdb-statements.ts'
import type { Statement } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

type ParseStatement = (reader: TokenReader) => Statement

/** The statements that this parser reads itself, by their first word. */
const parsersByWord: ReadonlyMap<string, ParseStatement> = new Map<string, ParseStatement>([
  ['CREATE', parseCreate],
  ['ALTER', parseAlter],
  ['DROP', parseDrop],
  ['ADD', parseAddUser],
  ['REMOVE', parseRemoveUser],
  ['GRANT', parseGrant],
  ['REVOKE', parseRevoke],
  ['ASSUME', parseAssume],
  ['EXIT', parseExit],
  ['SHOW', parseShow],
  ['RENAME', parseRenameTable],
  ['COMPILE', parseCompileView],
  ['TRUNCATE', parseTruncate],
  ['BEGIN', parseBegin],
  ['START', parseBegin],
  ['COMMIT', parseCommit],
  ['END', parseCommit],
  ['ROLLBACK', parseRollback],
  ['ABORT', parseRollback],
  ['SAVEPOINT', parseSavepoint],
  ['RELEASE', parseRelease],
  ['SET', parseSet],
  ['RESET', parseReset],
  ['DEALLOCATE', parseDeallocate],
  ['DISCARD', parseDiscard],
  ['CLOSE', parseClose],
  ['UNLISTEN', parseUnlisten],
  ['EXPLAIN', parseExplain],
  ['CANCEL', parseCancelQuery],
  ['REINDEX', parseReindex],
  ['VACUUM', parseVacuum],
  ['BACKUP', parseBackup],
  ['COPY', parseCopy],
  ['CHECKPOINT', parseCheckpoint],
  ['SNAPSHOT', parseSnapshot],
])

/** statement = one of the dialect's own, or whatever PostgreSQL's grammar takes for a data statement */
export function parseStatement(reader: TokenReader): Statement {
  const unsupported = parseUnsupportedStatement(reader)
  if (unsupported !== undefined) return unsupported
  refuseQuestDbStatement(reader)
  const first = reader.peek()
  const parse = first.kind === 'Word' ? parsersByWord.get(first.word) : undefined
  const statement = parse === undefined ? parseQueryOrCall(reader) : parse(reader)
  reader.expectEnd()
  return statement
}

/** A data statement, or a call of a function of the server that looks like a query. */
function parseQueryOrCall(reader: TokenReader): Statement {
  const statement = parsePostgresStatement(reader)
  return serverCallOf(statement) ?? statement
}

const useUserOrGroup = 'Use CREATE USER, CREATE GROUP or CREATE SERVICE ACCOUNT.'

function parseCreate(reader: TokenReader): Statement {
  if (reader.acceptWords('CREATE', 'USER')) return parseCreateUser(reader)
  if (reader.acceptWords('CREATE', 'SERVICE', 'ACCOUNT')) return parseCreateServiceAccount(reader)
  if (reader.acceptWords('CREATE', 'GROUP')) return parseCreateGroup(reader)
  if (reader.acceptWords('CREATE', 'TABLE')) return parseCreateTable(reader)
  if (reader.acceptWords('CREATE', 'VIEW')) return parseCreateView(reader, false)
  if (reader.acceptWords('CREATE', 'OR', 'REPLACE', 'VIEW')) return parseCreateView(reader, true)
  refuseRole(reader, 'CREATE', useUserOrGroup)
  return parsePostgresStatement(reader)
}

function parseAlter(reader: TokenReader): Statement {
  if (reader.acceptWords('ALTER', 'USER')) return parseAlterUser(reader)
  if (reader.acceptWords('ALTER', 'SERVICE', 'ACCOUNT')) return parseAlterServiceAccount(reader)
  if (reader.acceptWords('ALTER', 'GROUP')) return parseAlterGroup(reader)
  if (reader.acceptWords('ALTER', 'TABLE')) return parseAlterTable(reader)
  if (reader.acceptWords('ALTER', 'VIEW')) return parseAlterView(reader)
  refuseRole(reader, 'ALTER', 'Use ALTER USER, ALTER GROUP or ALTER SERVICE ACCOUNT.')
  return parsePostgresStatement(reader)
}

function parseDrop(reader: TokenReader): Statement {
  if (reader.acceptWords('DROP', 'USER')) return parseDropPrincipal(reader, 'DropUser')
  if (reader.acceptWords('DROP', 'SERVICE', 'ACCOUNT')) {
    return parseDropPrincipal(reader, 'DropServiceAccount')
  }
  if (reader.acceptWords('DROP', 'GROUP')) return parseDropPrincipal(reader, 'DropGroup')
  if (reader.acceptWords('DROP', 'TABLE')) return parseDropTable(reader)
  if (reader.acceptWords('DROP', 'VIEW')) return parseDropView(reader)
  if (reader.acceptWords('DROP', 'ALL', 'TABLES')) return { kind: 'DropAllTables' }
  refuseRole(reader, 'DROP', 'Use DROP USER, DROP GROUP or DROP SERVICE ACCOUNT.')
  return parsePostgresStatement(reader)
}

/** Roles are PostgreSQL's (Y1). */
function refuseRole(reader: TokenReader, verb: string, hint: string): void {
  if (!reader.atWords(verb, 'ROLE')) return
  reader.skip(1)
  throw reader.foreign(hint)
}
