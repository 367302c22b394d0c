import { parseQualifiedName } from './name.ts'
import type {
  BackupDatabase,
  BackupTable,
  CreateCheckpoint,
  ReleaseCheckpoint,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** backup = "BACKUP" ( "DATABASE" | "TABLE" table { "," table } ) ; */
export function parseBackup(reader: TokenReader): BackupDatabase | BackupTable {
  reader.expectWords('BACKUP')
  if (reader.atWords('ABORT')) {
    throw reader.notSupported(
      'BACKUP ABORT',
      undefined,
      'A backup ends when its statement is cancelled.',
    )
  }
  if (reader.expectOneOf(['DATABASE', 'TABLE']) === 'DATABASE') return { kind: 'BackupDatabase' }
  return { kind: 'BackupTable', tables: reader.list(() => parseQualifiedName(reader)) }
}

/** checkpoint = "CHECKPOINT" ( "CREATE" | "RELEASE" ) ; */
export function parseCheckpoint(reader: TokenReader): CreateCheckpoint | ReleaseCheckpoint {
  reader.expectWords('CHECKPOINT')
  if (reader.isAtEnd) {
    // PostgreSQL's, which only asks for what happens anyway.
    throw reader.notSupported(
      'CHECKPOINT without CREATE or RELEASE',
      undefined,
      'Use CHECKPOINT CREATE and CHECKPOINT RELEASE.',
    )
  }
  const isCreate = reader.expectOneOf(['CREATE', 'RELEASE']) === 'CREATE'
  return { kind: isCreate ? 'CreateCheckpoint' : 'ReleaseCheckpoint', words: 'CHECKPOINT' }
}

/** snapshot = "SNAPSHOT" ( "PREPARE" | "COMPLETE" ) ; QuestDB's older words for the same. */
export function parseSnapshot(reader: TokenReader): CreateCheckpoint | ReleaseCheckpoint {
  reader.expectWords('SNAPSHOT')
  const isCreate = reader.expectOneOf(['PREPARE', 'COMPLETE']) === 'PREPARE'
  return { kind: isCreate ? 'CreateCheckpoint' : 'ReleaseCheckpoint', words: 'SNAPSHOT' }
}
