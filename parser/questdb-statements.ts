import type { TokenReader } from './token-reader.ts'

/**
 * Statements by the words they begin with that grantd knows of and does not have: QuestDB's, and those
 * of PostgreSQL whose QuestDB form its grammar could not read.
 */
const unsupportedStatements = [
  ['CREATE', 'ATOMIC', 'TABLE'],
  ['CREATE', 'BATCH'],
  ['ALTER', 'LIVE', 'VIEW'],
] as const

/** Refuses a statement that begins so. */
export function refuseQuestDbStatement(reader: TokenReader): void {
  const found = unsupportedStatements.find((words) => reader.atWords(...words))
  if (found !== undefined) throw reader.notSupported(found.join(' '))
}
