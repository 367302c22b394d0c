/** Statements that copy what there is to files of the server's: one at a time, so that each case runs alone. */
import { answer } from './run-permission-case.ts'
import type { CaseSteps, PermissionCase } from './permission-case.ts'
import { dayTable, permissionCase } from './permission-case.ts'

/** `backup_timestamp`, and nothing else. */
const isMoment: CaseSteps['outcome'] = {
  kind: 'ReturnsLike',
  isRight: (rows) => rows.length === 1 && /^\d{4}-\d\d-\d\d /.test(rows[0]?.[0] ?? ''),
}

/** A second checkpoint is refused until the first is released. */
function checkpointCase(checkedBy: string, release: string): PermissionCase {
  return permissionCase('SNAPSHOT', checkedBy, () => ({
    statement: checkedBy,
    perform: async (client, statement) => {
      const given = await answer(client, statement)
      await answer(client, release)
      return given
    },
    outcome: { kind: 'Completes', command: checkedBy.split(' ')[0] ?? '' },
  }))
}

const cases: readonly PermissionCase[] = [
  permissionCase('BACKUP DATABASE', 'BACKUP DATABASE', () => ({
    statement: 'BACKUP DATABASE',
    outcome: isMoment,
  })),
  permissionCase('BACKUP TABLE', 'BACKUP TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `BACKUP TABLE ${n('t')}`,
    target: { table: n('t') },
    outcome: isMoment,
  })),
  checkpointCase('CHECKPOINT CREATE', 'CHECKPOINT RELEASE'),
  checkpointCase('CHECKPOINT RELEASE', 'CHECKPOINT RELEASE'),
  checkpointCase('SNAPSHOT PREPARE', 'SNAPSHOT COMPLETE'),
  checkpointCase('SNAPSHOT COMPLETE', 'SNAPSHOT COMPLETE'),
]

export const backupCases: readonly PermissionCase[] = cases.map((one) => ({ ...one, alone: true }))
