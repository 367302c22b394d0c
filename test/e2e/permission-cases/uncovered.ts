/**
 * What the registry says a permission is checked by, and no permission case shows: with the reason. The
 * list is counted by the test; what gets a case leaves it.
 */
export interface Uncovered {
  readonly permission: string
  readonly checkedBy: string
  readonly because: string
}

const http = 'the HTTP endpoint is not in this version'
const ilp = 'the ILP endpoint is not in this version'

export const uncovered: readonly Uncovered[] = [
  { permission: 'HTTP', checkedBy: 'any HTTP request that needs a principal', because: http },
  { permission: 'SELECT', checkedBy: '/exp', because: http },
  { permission: 'INSERT', checkedBy: '/imp into an existing table', because: http },
  { permission: 'ADD COLUMN', checkedBy: '/imp with an unknown column', because: http },
  { permission: 'CREATE TABLE', checkedBy: '/imp into an unknown table', because: http },
  { permission: 'SETTINGS', checkedBy: 'PUT /settings', because: http },
  { permission: 'SETTINGS', checkedBy: 'POST /settings', because: http },
  { permission: 'ILP', checkedBy: 'ILP/TCP connection and every batch on it', because: ilp },
  { permission: 'INSERT', checkedBy: 'ILP line', because: ilp },
  { permission: 'ADD COLUMN', checkedBy: 'ILP line with an unknown column', because: ilp },
  { permission: 'CREATE TABLE', checkedBy: 'ILP line for an unknown table', because: ilp },
  {
    permission: 'SWITCH ROLE',
    checkedBy: 'role switch',
    because: 'there is no replication, so no role to switch',
  },
  {
    permission: 'DELETE',
    checkedBy: 'MERGE ... THEN DELETE',
    because: 'grantd has no MERGE: "anything else" of section 11, 0A000 for everybody',
  },
]

/** What is shown by tests of its own, in `permission-specials.test.ts`, and not as a case. */
export const shownOtherwise: readonly Omit<Uncovered, 'because'>[] = [
  { permission: 'PGWIRE', checkedBy: 'PGWIRE connection and every message on it' },
  { permission: 'ASSUME SERVICE ACCOUNT', checkedBy: 'ASSUME SERVICE ACCOUNT' },
  { permission: 'ASSUME SERVICE ACCOUNT', checkedBy: 'every message while assumed' },
  { permission: 'ALL', checkedBy: 'GRANT' },
  { permission: 'ALL', checkedBy: 'REVOKE' },
  { permission: 'DATABASE ADMIN', checkedBy: 'every check' },
  { permission: 'DROP TABLE', checkedBy: 'DROP ALL TABLES' },
]
