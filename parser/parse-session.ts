import { asciiLowerCase } from './keywords.ts'
import { parsePrincipal } from './name.ts'
import type {
  AssumeServiceAccount,
  Deallocate,
  DiscardAll,
  ExitServiceAccount,
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

/** discard = "DISCARD" "ALL" ; its parts are refused by name */
export function parseDiscard(reader: TokenReader): DiscardAll {
  reader.expectWords('DISCARD')
  for (const part of ['PLANS', 'SEQUENCES', 'TEMP', 'TEMPORARY']) {
    if (reader.atWords(part)) throw reader.notSupported(`DISCARD ${part}`)
  }
  reader.expectWords('ALL')
  return { kind: 'DiscardAll' }
}
