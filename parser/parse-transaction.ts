import { unreachable } from '../errors/unreachable.ts'
import { parseFoldedName } from './name.ts'
import type {
  Begin,
  Commit,
  ReleaseSavepoint,
  Rollback,
  RollbackToSavepoint,
  Savepoint,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** What BEGIN and SET TRANSACTION may say about a transaction. */
export interface TransactionModes {
  readonly readOnly?: boolean
  /** Lower case, e.g. `repeatable read`. */
  readonly isolation?: string
}

/** begin = "BEGIN" [ "WORK" | "TRANSACTION" ] [ modes ] | "START" "TRANSACTION" [ modes ] ; */
export function parseBegin(reader: TokenReader): Begin {
  const isStart = reader.acceptWords('START')
  if (isStart) reader.expectWords('TRANSACTION')
  else {
    reader.expectWords('BEGIN')
    acceptWorkOrTransaction(reader)
  }
  const { readOnly = false, isolation } = reader.isAtEnd ? {} : parseTransactionModes(reader)
  return {
    kind: 'Begin',
    readOnly,
    ...(isolation === undefined ? {} : { isolation }),
    tag: isStart ? 'START TRANSACTION' : 'BEGIN',
  }
}

function acceptWorkOrTransaction(reader: TokenReader): void {
  if (!reader.acceptWords('WORK')) reader.acceptWords('TRANSACTION')
}

/**
 * modes = mode { [ "," ] mode } ;
 * mode  = "ISOLATION" "LEVEL" level | "READ" ( "ONLY" | "WRITE" ) | [ "NOT" ] "DEFERRABLE" ;
 *
 * DEFERRABLE is a wish that grantd's snapshots always grant. As in PostgreSQL the last one counts.
 */
export function parseTransactionModes(reader: TokenReader): TransactionModes {
  let modes: TransactionModes = {}
  do {
    if (reader.acceptWords('ISOLATION')) {
      reader.expectWords('LEVEL')
      modes = { ...modes, isolation: parseIsolationLevel(reader) }
    } else if (reader.acceptWords('READ')) {
      modes = { ...modes, readOnly: reader.expectOneOf(['ONLY', 'WRITE']) === 'ONLY' }
    } else {
      reader.acceptWords('NOT')
      reader.expectWords('DEFERRABLE')
    }
    const isComma = reader.acceptSymbol(',')
    if (isComma && reader.isAtEnd) throw reader.unexpected()
  } while (!reader.isAtEnd)
  return modes
}

/** level = "SERIALIZABLE" | "REPEATABLE" "READ" | "READ" ( "COMMITTED" | "UNCOMMITTED" ) ; */
function parseIsolationLevel(reader: TokenReader): string {
  const word = reader.expectOneOf(['SERIALIZABLE', 'REPEATABLE', 'READ'])
  switch (word) {
    case 'SERIALIZABLE':
      return 'serializable'
    case 'REPEATABLE':
      reader.expectWords('READ')
      return 'repeatable read'
    case 'READ':
      return `read ${reader.expectOneOf(['COMMITTED', 'UNCOMMITTED']).toLowerCase()}`
    default:
      return unreachable(word)
  }
}

/** commit = ( "COMMIT" | "END" ) [ "WORK" | "TRANSACTION" ] [ "AND" "NO" "CHAIN" ] ; */
export function parseCommit(reader: TokenReader): Commit {
  reader.expectOneOf(['COMMIT', 'END'])
  if (reader.atWords('PREPARED')) throw reader.notSupported('COMMIT PREPARED')
  acceptWorkOrTransaction(reader)
  parseTransactionEnd(reader, 'COMMIT')
  return { kind: 'Commit' }
}

/**
 * rollback = ( "ROLLBACK" | "ABORT" ) [ "WORK" | "TRANSACTION" ] [ "AND" "NO" "CHAIN" ]
 *          | "ROLLBACK" [ "WORK" | "TRANSACTION" ] "TO" [ "SAVEPOINT" ] savepoint ;
 */
export function parseRollback(reader: TokenReader): Rollback | RollbackToSavepoint {
  const word = reader.expectOneOf(['ROLLBACK', 'ABORT'])
  if (reader.atWords('PREPARED')) throw reader.notSupported('ROLLBACK PREPARED')
  acceptWorkOrTransaction(reader)
  if (word === 'ROLLBACK' && reader.acceptWords('TO')) {
    return { kind: 'RollbackToSavepoint', name: parseSavepointName(reader) }
  }
  parseTransactionEnd(reader, 'ROLLBACK')
  return { kind: 'Rollback' }
}

/** savepoint = "SAVEPOINT" name ; */
export function parseSavepoint(reader: TokenReader): Savepoint {
  reader.expectWords('SAVEPOINT')
  return { kind: 'Savepoint', name: parseFoldedName(reader) }
}

/** release = "RELEASE" [ "SAVEPOINT" ] name ; */
export function parseRelease(reader: TokenReader): ReleaseSavepoint {
  reader.expectWords('RELEASE')
  return { kind: 'ReleaseSavepoint', name: parseSavepointName(reader) }
}

/** [ "SAVEPOINT" ] name ; a savepoint may itself be called savepoint */
function parseSavepointName(reader: TokenReader): Savepoint['name'] {
  if (reader.remaining > 1) reader.acceptWords('SAVEPOINT')
  return parseFoldedName(reader)
}

function parseTransactionEnd(reader: TokenReader, statement: string): void {
  if (reader.atWords('AND', 'CHAIN')) throw reader.notSupported(`${statement} AND CHAIN`)
  if (!reader.acceptWords('AND')) return
  reader.expectWords('NO', 'CHAIN')
}
