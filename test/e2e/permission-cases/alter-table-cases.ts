/** ALTER TABLE: columns' storage, partitions, deduplication, storage parameters; what keeps a table in order. */
import type { PermissionCase } from './permission-case.ts'
import { dayTable, definitionOf, permissionCase, rowsOf } from './permission-case.ts'

/** A case of ALTER TABLE on the day table, needed on one column. */
function ofColumn(
  permission: string,
  checkedBy: string,
  { column, action, before = [] }: ColumnCase,
): PermissionCase {
  return permissionCase(permission, checkedBy, (n) => ({
    setUp: [...dayTable(n('t')), ...before.map((one) => `ALTER TABLE ${n('t')} ${one}`)],
    statement: `ALTER TABLE ${n('t')} ALTER COLUMN ${column} ${action}`,
    target: { table: n('t'), columns: [column], otherColumn: column === 'v' ? 's' : 'v' },
    outcome: { kind: 'Changes', probe: definitionOf(n('t')) },
  }))
}

interface ColumnCase {
  readonly column: string
  readonly action: string
  readonly before?: readonly string[]
}

interface TableCase {
  readonly action: string
  readonly before?: readonly string[]
  readonly probe?: (table: string) => string
}

/** A case of ALTER TABLE on the day table, needed on the table. */
function ofTable(
  permission: string,
  checkedBy: string,
  { action, before = [], probe = definitionOf }: TableCase,
): PermissionCase {
  return permissionCase(permission, checkedBy, (n) => ({
    setUp: [...dayTable(n('t')), ...before.map((one) => `ALTER TABLE ${n('t')} ${one}`)],
    statement: `ALTER TABLE ${n('t')} ${action}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: probe(n('t')) },
  }))
}

export const columnStorageCases: readonly PermissionCase[] = [
  ofColumn('ALTER COLUMN TYPE', 'ALTER TABLE ALTER COLUMN TYPE', {
    column: 'v',
    action: 'TYPE BIGINT',
  }),
  ofColumn('ADD INDEX', 'ALTER TABLE ALTER COLUMN ADD INDEX', {
    column: 's',
    action: 'ADD INDEX',
  }),
  ofColumn('DROP INDEX', 'ALTER TABLE ALTER COLUMN DROP INDEX', {
    column: 's',
    action: 'DROP INDEX',
    before: ['ALTER COLUMN s ADD INDEX'],
  }),
  ofColumn('ALTER COLUMN CACHE', 'ALTER TABLE ALTER COLUMN CACHE', {
    column: 's',
    action: 'CACHE',
    before: ['ALTER COLUMN s NOCACHE'],
  }),
  ofColumn('ALTER COLUMN CACHE', 'ALTER TABLE ALTER COLUMN NOCACHE', {
    column: 's',
    action: 'NOCACHE',
    before: ['ALTER COLUMN s CACHE'],
  }),
  ofColumn('ALTER SYMBOL CAPACITY', 'ALTER TABLE ALTER COLUMN SYMBOL CAPACITY', {
    column: 's',
    action: 'SYMBOL CAPACITY 1024',
  }),
]

export const partitionCases: readonly PermissionCase[] = [
  ofTable('DROP PARTITION', 'ALTER TABLE DROP PARTITION', {
    action: `DROP PARTITION LIST '2024-01-01'`,
    probe: rowsOf,
  }),
  ofTable('DROP PARTITION', 'ALTER TABLE FORCE DROP PARTITION', {
    action: `FORCE DROP PARTITION LIST '2024-01-01'`,
    probe: rowsOf,
  }),
  permissionCase('DROP PARTITION', 'ALTER TABLE SQUASH PARTITIONS', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} SQUASH PARTITIONS`,
    target: { table: n('t') },
    outcome: { kind: 'Completes', command: 'ALTER' },
  })),
  ofTable('DETACH PARTITION', 'ALTER TABLE DETACH PARTITION', {
    action: `DETACH PARTITION LIST '2024-01-01'`,
    probe: rowsOf,
  }),
  ofTable('ATTACH PARTITION', 'ALTER TABLE ATTACH PARTITION', {
    action: `ATTACH PARTITION LIST '2024-01-01'`,
    before: [`DETACH PARTITION LIST '2024-01-01'`],
    probe: rowsOf,
  }),
  permissionCase('SELECT', 'SHOW PARTITIONS', (n) => ({
    setUp: dayTable(n('t')),
    statement: `SHOW PARTITIONS FROM ${n('t')}`,
    target: { table: n('t'), columns: ['s'] },
    outcome: { kind: 'ReturnsLike', isRight: (rows) => rows.length === 2 },
  })),
  permissionCase(
    'SELECT',
    'SHOW PARTITIONS',
    (n) => ({
      setUp: dayTable(n('t')),
      statement: `SELECT * FROM table_partitions('${n('t')}')`,
      target: { table: n('t'), columns: ['s'] },
      outcome: { kind: 'ReturnsLike', isRight: (rows) => rows.length === 2 },
    }),
    'table_partitions()',
  ),
]

export const tableStorageCases: readonly PermissionCase[] = [
  ofTable('DEDUP ENABLE', 'ALTER TABLE DEDUP ENABLE', {
    action: 'DEDUP ENABLE UPSERT KEYS(ts, s)',
  }),
  ofTable('DEDUP DISABLE', 'ALTER TABLE DEDUP DISABLE', {
    action: 'DEDUP DISABLE',
    before: ['DEDUP ENABLE UPSERT KEYS(ts)'],
  }),
  ofTable('SET TABLE PARAM', 'ALTER TABLE SET PARAM', {
    action: 'SET PARAM maxUncommittedRows = 1234',
  }),
  ofTable('SET TABLE PARAM', 'ALTER TABLE SET TTL', { action: 'SET TTL 30 YEARS' }),
  ofTable('SET TABLE TYPE', 'ALTER TABLE SET TYPE', { action: 'SET TYPE BYPASS WAL' }),
  permissionCase('RESUME WAL', 'ALTER TABLE SUSPEND WAL', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} SUSPEND WAL`,
    target: { table: n('t') },
    outcome: { kind: 'Completes', command: 'ALTER' },
  })),
  permissionCase('RESUME WAL', 'ALTER TABLE RESUME WAL', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} RESUME WAL`,
    target: { table: n('t') },
    outcome: { kind: 'Completes', command: 'ALTER' },
  })),
  permissionCase('VACUUM TABLE', 'VACUUM TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `VACUUM TABLE ${n('t')}`,
    target: { table: n('t') },
    outcome: { kind: 'Completes', command: 'VACUUM' },
  })),
  permissionCase('REINDEX', 'REINDEX TABLE', (n) => ({
    setUp: [...dayTable(n('t')), `ALTER TABLE ${n('t')} ALTER COLUMN s ADD INDEX`],
    statement: `REINDEX TABLE ${n('t')} COLUMN s`,
    target: { table: n('t'), columns: ['s'], otherColumn: 'v' },
    outcome: { kind: 'Completes', command: 'REINDEX' },
  })),
]
