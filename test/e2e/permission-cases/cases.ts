import { activityCases } from './activity-cases.ts'
import { columnStorageCases, partitionCases, tableStorageCases } from './alter-table-cases.ts'
import { backupCases } from './backup-cases.ts'
import { copyCases } from './copy-cases.ts'
import { dataCases } from './data-cases.ts'
import { notSupportedCases } from './not-supported-cases.ts'
import type { PermissionCase } from './permission-case.ts'
import { principalCases } from './principal-cases.ts'
import { tableCases, viewCases } from './relation-cases.ts'
import { serverCases } from './server-cases.ts'
import { showCases } from './show-cases.ts'

/** Every permission case there is. */
export const permissionCases: readonly PermissionCase[] = [
  ...dataCases,
  ...tableCases,
  ...viewCases,
  ...columnStorageCases,
  ...partitionCases,
  ...tableStorageCases,
  ...principalCases,
  ...showCases,
  ...serverCases,
  ...activityCases,
  ...backupCases,
  ...copyCases,
  ...notSupportedCases,
]

const sampled = [
  'SELECT: SELECT',
  'SELECT: UPDATE (columns read)',
  'INSERT: INSERT',
  'UPDATE: UPDATE (columns assigned)',
  'CREATE TABLE: CREATE TABLE AS SELECT',
  'DROP COLUMN: ALTER TABLE DROP COLUMN',
  'ALTER VIEW: ALTER VIEW',
  'CREATE USER: CREATE USER',
  'ADD PASSWORD: ALTER USER WITH PASSWORD (another)',
  'LIST USERS: SHOW USERS',
  'USER DETAILS: SHOW PERMISSIONS (another)',
]

/** Those that are shown for a permission held by a group and by an assumed service account, too. */
export const sampleCases: readonly PermissionCase[] = permissionCases.filter(
  ({ permission, checkedBy }) => sampled.includes(`${permission}: ${checkedBy}`),
)
