/** Users, groups and service accounts: user management. */
import type { CaseOutcome, PermissionCase } from './permission-case.ts'
import { permissionCase } from './permission-case.ts'

/** Whether a group, user or service account is there, whatever it is. */
const isThere = (name: string): string =>
  `SELECT count(*) FROM active_grants() WHERE entity_name = '${name}'`

/** What makes a principal visible to {@link isThere}: an entry that waits for the name. */
const seen = (name: string): string => `GRANT ILP TO ${name}`

const authentication = (kind: string, name: string): string => `SHOW ${kind} ${name}`
/** What the dump says of a principal. */
const inDump = (name: string): CaseOutcome => ({
  kind: 'Changes',
  probe: 'SHOW CREATE DATABASE INCLUDE (ACL)',
  about: name,
})

const kinds = [
  ['USER', 'u'],
  ['SERVICE ACCOUNT', 's'],
] as const

/** What there is for users and service accounts alike. */
const ofBothKinds: readonly PermissionCase[] = kinds.flatMap(([kind, short]) => [
  permissionCase(`CREATE ${kind}`, `CREATE ${kind}`, (n) => ({
    setUp: [seen(n(short))],
    statement: `CREATE ${kind} ${n(short)}${ownedBy(kind)}`,
    outcome: { kind: 'Changes', probe: isThere(n(short)) },
  })),
  permissionCase('ADD PASSWORD', `CREATE ${kind} WITH PASSWORD`, (n) => ({
    setUp: [seen(n(short))],
    besides: [`CREATE ${kind}`],
    statement: `CREATE ${kind} ${n(short)} WITH PASSWORD 'new'${ownedBy(kind)}`,
    outcome: { kind: 'Changes', probe: isThere(n(short)) },
  })),
  permissionCase('REMOVE PASSWORD', `CREATE ${kind} WITH NO PASSWORD`, (n) => ({
    setUp: [seen(n(short))],
    besides: [`CREATE ${kind}`],
    statement: `CREATE ${kind} ${n(short)} WITH NO PASSWORD${ownedBy(kind)}`,
    outcome: { kind: 'Changes', probe: isThere(n(short)) },
  })),
  permissionCase('ADD PASSWORD', `ALTER ${kind} WITH PASSWORD (another)`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`],
    statement: `ALTER ${kind} ${n(short)} WITH PASSWORD 'new'`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('REMOVE PASSWORD', `ALTER ${kind} WITH NO PASSWORD (another)`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)} WITH PASSWORD 'old'`],
    statement: `ALTER ${kind} ${n(short)} WITH NO PASSWORD`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('CREATE JWK', `ALTER ${kind} CREATE TOKEN TYPE JWK (another)`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`],
    statement: `ALTER ${kind} ${n(short)} CREATE TOKEN TYPE JWK`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('DROP JWK', `ALTER ${kind} DROP TOKEN TYPE JWK (another)`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`, `ALTER ${kind} ${n(short)} CREATE TOKEN TYPE JWK`],
    statement: `ALTER ${kind} ${n(short)} DROP TOKEN TYPE JWK`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('CREATE REST TOKEN', `ALTER ${kind} CREATE TOKEN TYPE REST (another)`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`],
    statement: `ALTER ${kind} ${n(short)} CREATE TOKEN TYPE REST WITH TTL '1d'`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('DROP REST TOKEN', `ALTER ${kind} DROP TOKEN TYPE REST (another)`, (n) => ({
    setUp: [
      `CREATE ${kind} ${n(short)}`,
      `ALTER ${kind} ${n(short)} CREATE TOKEN TYPE REST WITH TTL '1d'`,
    ],
    statement: `ALTER ${kind} ${n(short)} DROP TOKEN TYPE REST`,
    outcome: { kind: 'Changes', probe: authentication(kind, n(short)) },
  })),
  permissionCase('DISABLE USER', `ALTER ${kind} DISABLE`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`],
    statement: `ALTER ${kind} ${n(short)} DISABLE`,
    outcome: inDump(n(short)),
  })),
  permissionCase('ENABLE USER', `ALTER ${kind} ENABLE`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`, `ALTER ${kind} ${n(short)} DISABLE`],
    statement: `ALTER ${kind} ${n(short)} ENABLE`,
    outcome: inDump(n(short)),
  })),
  permissionCase(`DROP ${kind}`, `DROP ${kind}`, (n) => ({
    setUp: [`CREATE ${kind} ${n(short)}`, seen(n(short))],
    statement: `DROP ${kind} ${n(short)}`,
    outcome: { kind: 'Changes', probe: isThere(n(short)) },
  })),
])

/** An account that makes an account cannot hold the link to it (D28). */
function ownedBy(kind: string): string {
  return kind === 'USER' ? '' : ' OWNED BY admin'
}

export const principalCases: readonly PermissionCase[] = [
  ...ofBothKinds,
  permissionCase('CREATE GROUP', 'CREATE GROUP', (n) => ({
    setUp: [seen(n('g'))],
    statement: `CREATE GROUP ${n('g')}`,
    outcome: { kind: 'Changes', probe: isThere(n('g')) },
  })),
  permissionCase('DROP GROUP', 'DROP GROUP', (n) => ({
    setUp: [`CREATE GROUP ${n('g')}`, seen(n('g'))],
    statement: `DROP GROUP ${n('g')}`,
    outcome: { kind: 'Changes', probe: isThere(n('g')) },
  })),
  permissionCase('ADD EXTERNAL ALIAS', 'CREATE GROUP WITH EXTERNAL ALIAS', (n) => ({
    setUp: [seen(n('g'))],
    besides: ['CREATE GROUP'],
    statement: `CREATE GROUP ${n('g')} WITH EXTERNAL ALIAS '${n('alias')}'`,
    outcome: { kind: 'Changes', probe: isThere(n('g')) },
  })),
  permissionCase('ADD EXTERNAL ALIAS', 'ALTER GROUP WITH EXTERNAL ALIAS', (n) => ({
    setUp: [`CREATE GROUP ${n('g')}`],
    statement: `ALTER GROUP ${n('g')} WITH EXTERNAL ALIAS '${n('alias')}'`,
    outcome: inDump(n('g')),
  })),
  permissionCase('REMOVE EXTERNAL ALIAS', 'ALTER GROUP DROP EXTERNAL ALIAS', (n) => ({
    setUp: [`CREATE GROUP ${n('g')} WITH EXTERNAL ALIAS '${n('alias')}'`],
    statement: `ALTER GROUP ${n('g')} DROP EXTERNAL ALIAS '${n('alias')}'`,
    outcome: inDump(n('g')),
  })),
  permissionCase('ADD USER', 'ADD USER', (n) => ({
    setUp: [`CREATE GROUP ${n('g')}`, `CREATE USER ${n('u')}`],
    statement: `ADD USER ${n('u')} TO ${n('g')}`,
    outcome: { kind: 'Changes', probe: `SHOW GROUPS ${n('u')}` },
  })),
  permissionCase('REMOVE USER', 'REMOVE USER', (n) => ({
    setUp: [`CREATE GROUP ${n('g')}`, `CREATE USER ${n('u')}`, `ADD USER ${n('u')} TO ${n('g')}`],
    statement: `REMOVE USER ${n('u')} FROM ${n('g')}`,
    outcome: { kind: 'Changes', probe: `SHOW GROUPS ${n('u')}` },
  })),
]
