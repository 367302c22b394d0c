/** SHOW and the functions of the same content: who may look. */
import type { CaseSteps, Naming, PermissionCase } from './permission-case.ts'
import { dayTable, permissionCase } from './permission-case.ts'

type Rows = readonly (readonly (string | null)[])[]

/** Whether a value stands in the first column. */
const lists =
  (name: string) =>
  (rows: Rows): boolean =>
    rows.some(([first]) => first === name)

const somebody = (n: Naming): readonly string[] => [
  `CREATE USER ${n('u')}`,
  `CREATE GROUP ${n('g')}`,
  `CREATE SERVICE ACCOUNT ${n('s')}`,
  `ADD USER ${n('u')} TO ${n('g')}`,
  `GRANT ASSUME SERVICE ACCOUNT ${n('s')} TO ${n('u')}`,
  `GRANT ILP TO ${n('u')}`,
  `GRANT ILP TO ${n('s')}`,
]

const listing = (n: Naming, statement: string, listed: string): CaseSteps => ({
  setUp: somebody(n),
  statement,
  outcome: { kind: 'ReturnsLike', isRight: lists(listed) },
})

const details = (n: Naming, statement: string, rows: Rows): CaseSteps => ({
  setUp: somebody(n),
  statement,
  outcome: { kind: 'Returns', rows },
})

const noSecrets: Rows = [
  ['Password', 'f'],
  ['JWK Token', 'f'],
  ['REST Token', 'f'],
]
const onlyIlp: Rows = [['ILP', null, null, 'f', 'G']]

/** The rest of the sentence that the two functions about everybody need both permissions for. */
const everybody = (permission: string, other: string): readonly PermissionCase[] =>
  ['active_permissions()', 'active_grants()'].map((call) =>
    permissionCase(permission, call, (n) => ({
      setUp: somebody(n),
      besides: [other],
      statement: `SELECT entity_name, permission FROM ${call} WHERE entity_name = '${n('u')}'`,
      outcome: { kind: 'Returns', rows: [[n('u'), 'ILP']] },
    })),
  )

export const showCases: readonly PermissionCase[] = [
  permissionCase('LIST USERS', 'SHOW USERS', (n) => listing(n, 'SHOW USERS', n('u'))),
  permissionCase('LIST USERS', 'SHOW GROUPS (no name)', (n) => listing(n, 'SHOW GROUPS', n('g'))),
  permissionCase('LIST USERS', 'SHOW SERVICE ACCOUNTS (no name)', (n) =>
    listing(n, 'SHOW SERVICE ACCOUNTS', n('s')),
  ),
  ...(['USERS', 'GROUPS', 'SERVICE_ACCOUNTS'] as const).map((category, at) =>
    permissionCase(
      'LIST USERS',
      'SHOW CREATE DATABASE (USERS, GROUPS, SERVICE_ACCOUNTS)',
      (n) =>
        listing(
          n,
          `SHOW CREATE DATABASE INCLUDE (${category})`,
          [
            `CREATE USER '${n('u')}';`,
            `CREATE GROUP '${n('g')}';`,
            `CREATE SERVICE ACCOUNT '${n('s')}';`,
          ][at] ?? '',
        ),
      category,
    ),
  ),
  permissionCase('USER DETAILS', 'SHOW CREATE DATABASE (PERMISSIONS)', (n) =>
    listing(n, 'SHOW CREATE DATABASE INCLUDE (PERMISSIONS)', `GRANT ILP TO '${n('u')}';`),
  ),
  permissionCase('USER DETAILS', 'SHOW USER (another)', (n) =>
    details(n, `SHOW USER ${n('u')}`, noSecrets),
  ),
  permissionCase('USER DETAILS', 'SHOW SERVICE ACCOUNT (another)', (n) =>
    details(n, `SHOW SERVICE ACCOUNT ${n('s')}`, noSecrets),
  ),
  permissionCase('USER DETAILS', 'SHOW GROUPS (another)', (n) =>
    details(n, `SHOW GROUPS ${n('u')}`, [[n('g')]]),
  ),
  permissionCase('USER DETAILS', 'SHOW SERVICE ACCOUNTS (another)', (n) =>
    details(n, `SHOW SERVICE ACCOUNTS ${n('u')}`, [[n('s'), 'f']]),
  ),
  permissionCase('USER DETAILS', 'SHOW PERMISSIONS (another)', (n) =>
    details(n, `SHOW PERMISSIONS ${n('u')}`, onlyIlp),
  ),
  permissionCase(
    'USER DETAILS',
    'SHOW PERMISSIONS (another)',
    (n) => details(n, `SHOW PERMISSIONS ${n('s')}`, onlyIlp),
    'a service account',
  ),
  permissionCase('USER DETAILS', 'permissions() (another)', (n) =>
    details(n, `SELECT permission FROM permissions('${n('u')}')`, [['ILP']]),
  ),
  ...everybody('USER DETAILS', 'LIST USERS'),
  ...everybody('LIST USERS', 'USER DETAILS'),
  permissionCase('SELECT', 'SHOW COLUMNS', (n) => ({
    setUp: dayTable(n('t')),
    statement: `SHOW COLUMNS FROM ${n('t')}`,
    target: { table: n('t'), columns: ['s'] },
    outcome: { kind: 'ReturnsLike', isRight: lists('s') },
  })),
  permissionCase(
    'SELECT',
    'SHOW COLUMNS',
    (n) => ({
      setUp: dayTable(n('t')),
      statement: `SELECT "column" FROM table_columns('${n('t')}')`,
      target: { table: n('t'), columns: ['s'] },
      outcome: { kind: 'ReturnsLike', isRight: lists('s') },
    }),
    'table_columns()',
  ),
  permissionCase('SELECT', 'SHOW CREATE TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `SHOW CREATE TABLE ${n('t')}`,
    target: { table: n('t'), columns: ['ts', 'v', 's'], throughStar: true },
    outcome: { kind: 'ReturnsLike', isRight: ([row]) => row?.[0]?.includes(n('t')) === true },
  })),
  permissionCase('SELECT', 'SHOW CREATE VIEW', (n) => ({
    setUp: [`CREATE VIEW ${n('v')} AS (SELECT 1 AS a)`],
    statement: `SHOW CREATE VIEW ${n('v')}`,
    target: { table: n('v') },
    outcome: { kind: 'ReturnsLike', isRight: ([row]) => row?.[0]?.includes(n('v')) === true },
  })),
]
