import { asciiLowerCase } from './keywords.ts'
import { parseFoldedName, parsePrincipal } from './name.ts'
import type {
  AssumeServiceAccount,
  ClosePortal,
  Deallocate,
  DiscardAll,
  DiscardPart,
  ExitServiceAccount,
  Unlisten,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** assume = "ASSUME" "SERVICE" "ACCOUNT" account ; */
export function parseAssume(reader: TokenReader): AssumeServiceAccount {
  reader.expectWords('ASSUME', 'SERVICE', 'ACCOUNT')
  return { kind: 'AssumeServiceAccount', account: parsePrincipal(reader) }
}

/** exit = "EXIT" "SERVICE" "ACCOUNT" [ account ] ; (D14) */
export function parseExit(reader: TokenReader): ExitServiceAccount {
  reader.expectWords('EXIT', 'SERVICE', 'ACCOUNT')
  if (reader.isAtEnd) return { kind: 'ExitServiceAccount' }
  return { kind: 'ExitServiceAccount', account: parsePrincipal(reader) }
}

/** deallocate = "DEALLOCATE" [ "PREPARE" ] ( "ALL" | name ) ; the name of a statement folds to lower case */
export function parseDeallocate(reader: TokenReader): Deallocate {
  reader.expectWords('DEALLOCATE')
  const isNamedPrepare = reader.atWords('PREPARE') && reader.remaining === 1
  if (!isNamedPrepare) reader.acceptWords('PREPARE')
  if (reader.acceptWords('ALL')) return { kind: 'Deallocate' }
  const token = reader.peek()
  if (token.kind === 'QuotedName') return { kind: 'Deallocate', name: parsePrincipal(reader) }
  if (token.kind !== 'Word') throw reader.unexpected()
  const { text, span } = parsePrincipal(reader)
  return { kind: 'Deallocate', name: { text: asciiLowerCase(text), span } }
}

/** discard = "DISCARD" ( "ALL" | "PLANS" | "SEQUENCES" | "TEMP" | "TEMPORARY" ) ; */
export function parseDiscard(reader: TokenReader): DiscardAll | DiscardPart {
  reader.expectWords('DISCARD')
  const part = reader.expectOneOf(['ALL', 'PLANS', 'SEQUENCES', 'TEMP', 'TEMPORARY'])
  if (part === 'ALL') return { kind: 'DiscardAll' }
  return { kind: 'DiscardPart', part: part === 'TEMPORARY' ? 'TEMP' : part }
}

/** close = "CLOSE" ( "ALL" | name ) ; */
export function parseClose(reader: TokenReader): ClosePortal {
  reader.expectWords('CLOSE')
  if (reader.acceptWords('ALL')) return { kind: 'ClosePortal' }
  return { kind: 'ClosePortal', name: parseFoldedName(reader) }
}

/** unlisten = "UNLISTEN" ( "*" | name ) ; */
export function parseUnlisten(reader: TokenReader): Unlisten {
  reader.expectWords('UNLISTEN')
  if (reader.atOperator('*')) {
    reader.skip(1)
    return { kind: 'Unlisten' }
  }
  return { kind: 'Unlisten', channel: parseFoldedName(reader) }
}
