import { parseIntegerLiteral } from './parse-type-name.ts'
import { parseString } from './name.ts'
import type { AlteredTable, ResumeWal, Span, SuspendWal } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** resume_wal = "RESUME" "WAL" [ "FROM" ( "TXN" | "TRANSACTION" ) n ] ; RESUME WAL has been read. */
export function parseResumeWal(reader: TokenReader, table: AlteredTable): ResumeWal {
  const from = clause(reader, 'FROM', () => {
    reader.expectOneOf(['TXN', 'TRANSACTION'])
    parseIntegerLiteral(reader)
  })
  return { kind: 'ResumeWal', ...table, ...(from === undefined ? {} : { from: { span: from } }) }
}

/** suspend_wal = "SUSPEND" "WAL" [ "WITH" code "," message ] ; SUSPEND WAL has been read. */
export function parseSuspendWal(reader: TokenReader, table: AlteredTable): SuspendWal {
  const given = clause(reader, 'WITH', () => {
    if (reader.peek().kind === 'String') parseString(reader)
    else parseIntegerLiteral(reader)
    reader.expectSymbol(',')
    parseString(reader)
  })
  return { kind: 'SuspendWal', ...table, ...(given === undefined ? {} : { with: { span: given } }) }
}

/** Where a clause stands that may be left out. */
function clause(reader: TokenReader, word: string, read: () => void): Span | undefined {
  const { start } = reader.peek()
  if (!reader.acceptWords(word)) return undefined
  read()
  return { start, end: reader.previous().end }
}
