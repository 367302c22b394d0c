/**
 * Statements that grantd does not have: those who may are told so (0A000), everybody else is denied first
 * (questdb-rbac.md, section 11: "the permissions exist"), so that a grant made today is worth what it says.
 */
import { unreachable } from '../../../errors/unreachable.ts'
import type { CaseTarget, PermissionCase } from './permission-case.ts'
import { dayTable, permissionCase } from './permission-case.ts'

interface NotSupported {
  readonly permission: string
  readonly checkedBy: string
  /** What stands in place of `t` is the table, of `v` a name that nothing has. */
  readonly statement: (t: string, v: string, u: string) => string
  readonly needs: 'Database' | 'Table' | 'EveryColumn' | 'View'
  readonly because: string
}

const materialized = 'materialized views are not in this version (section 11)'
const live = 'live views are not in this version (section 11)'
const parquet = 'partitions are kept in one format of the engine'
const policy = 'there is one kind of storage, so no policy moves partitions'

/** Each with the reason why it is not there. */
export const notSupported: readonly NotSupported[] = [
  {
    permission: 'CREATE MATERIALIZED VIEW',
    checkedBy: 'CREATE MATERIALIZED VIEW',
    statement: (t, v) => `CREATE MATERIALIZED VIEW ${v} AS (SELECT ts, v FROM ${t})`,
    needs: 'Database',
    because: materialized,
  },
  {
    permission: 'ALTER MATERIALIZED VIEW',
    checkedBy: 'ALTER MATERIALIZED VIEW',
    statement: (_, v) => `ALTER MATERIALIZED VIEW ${v} SET TTL 1 DAY`,
    needs: 'View',
    because: materialized,
  },
  {
    permission: 'DROP MATERIALIZED VIEW',
    checkedBy: 'DROP MATERIALIZED VIEW',
    statement: (_, v) => `DROP MATERIALIZED VIEW ${v}`,
    needs: 'View',
    because: materialized,
  },
  {
    permission: 'REFRESH MATERIALIZED VIEW',
    checkedBy: 'REFRESH MATERIALIZED VIEW',
    statement: (_, v) => `REFRESH MATERIALIZED VIEW ${v} FULL`,
    needs: 'View',
    because: materialized,
  },
  {
    permission: 'SET REFRESH LIMIT',
    checkedBy: 'ALTER MATERIALIZED VIEW SET REFRESH LIMIT',
    statement: (_, v) => `ALTER MATERIALIZED VIEW ${v} SET REFRESH LIMIT 1 DAY`,
    needs: 'View',
    because: materialized,
  },
  {
    permission: 'SET REFRESH TYPE',
    checkedBy: 'ALTER MATERIALIZED VIEW SET REFRESH',
    statement: (_, v) => `ALTER MATERIALIZED VIEW ${v} SET REFRESH MANUAL`,
    needs: 'View',
    because: materialized,
  },
  {
    permission: 'CREATE LIVE VIEW',
    checkedBy: 'CREATE LIVE VIEW',
    statement: (t, v) => `CREATE LIVE VIEW ${v} AS (SELECT ts, v FROM ${t})`,
    needs: 'Database',
    because: live,
  },
  {
    permission: 'DROP LIVE VIEW',
    checkedBy: 'DROP LIVE VIEW',
    statement: (_, v) => `DROP LIVE VIEW ${v}`,
    needs: 'View',
    because: live,
  },
  {
    permission: 'CONVERT PARTITION TO PARQUET',
    checkedBy: 'ALTER TABLE CONVERT PARTITION TO PARQUET',
    statement: (t) => `ALTER TABLE ${t} CONVERT PARTITION TO PARQUET LIST '2024-01-01'`,
    needs: 'Table',
    because: parquet,
  },
  {
    permission: 'CONVERT PARTITION TO NATIVE',
    checkedBy: 'ALTER TABLE CONVERT PARTITION TO NATIVE',
    statement: (t) => `ALTER TABLE ${t} CONVERT PARTITION TO NATIVE LIST '2024-01-01'`,
    needs: 'Table',
    because: parquet,
  },
  {
    permission: 'SET PARQUET SETTINGS',
    checkedBy: 'ALTER TABLE ALTER COLUMN SET PARQUET',
    statement: (t) => `ALTER TABLE ${t} ALTER COLUMN v SET PARQUET (plain)`,
    needs: 'Table',
    because: parquet,
  },
  {
    permission: 'SET TABLE FORMAT',
    checkedBy: 'ALTER TABLE SET FORMAT',
    statement: (t) => `ALTER TABLE ${t} SET FORMAT PARQUET`,
    needs: 'Table',
    because: parquet,
  },
  {
    permission: 'SET STORAGE POLICY',
    checkedBy: 'ALTER TABLE SET STORAGE POLICY',
    statement: (t) => `ALTER TABLE ${t} SET STORAGE POLICY (TO PARQUET 3d)`,
    needs: 'Table',
    because: policy,
  },
  {
    permission: 'REMOVE STORAGE POLICY',
    checkedBy: 'ALTER TABLE DROP STORAGE POLICY',
    statement: (t) => `ALTER TABLE ${t} DROP STORAGE POLICY`,
    needs: 'Table',
    because: policy,
  },
  {
    permission: 'ENABLE STORAGE POLICY',
    checkedBy: 'ALTER TABLE ENABLE STORAGE POLICY',
    statement: (t) => `ALTER TABLE ${t} ENABLE STORAGE POLICY`,
    needs: 'Table',
    because: policy,
  },
  {
    permission: 'DISABLE STORAGE POLICY',
    checkedBy: 'ALTER TABLE DISABLE STORAGE POLICY',
    statement: (t) => `ALTER TABLE ${t} DISABLE STORAGE POLICY`,
    needs: 'Table',
    because: policy,
  },
  {
    permission: 'SELECT',
    checkedBy: 'COPY TO',
    statement: (t) => `COPY ${t} TO 'rows'`,
    needs: 'EveryColumn',
    because: 'rows go to clients as results; the server writes no files for them',
  },
  {
    permission: 'SET MEMORY LIMIT',
    checkedBy: 'ALTER USER SET MEMORY LIMIT',
    statement: (_, __, u) => `ALTER USER ${u} SET MEMORY LIMIT '1G'`,
    needs: 'Database',
    because: 'memory is limited for the engine as a whole',
  },
]

export const notSupportedCases: readonly PermissionCase[] = notSupported.map((one) =>
  permissionCase(one.permission, one.checkedBy, (n) => {
    const target = targetOf(one, { t: n('t'), v: n('v') })
    return {
      setUp: [...dayTable(n('t')), `CREATE USER ${n('u')}`],
      statement: one.statement(n('t'), n('v'), n('u')),
      ...(target === undefined ? {} : { target }),
      outcome: { kind: 'NotSupported', message: /is not supported$/ },
    }
  }),
)

function targetOf(
  { needs }: NotSupported,
  { t, v }: { readonly t: string; readonly v: string },
): CaseTarget | undefined {
  switch (needs) {
    case 'Database':
      return undefined
    case 'Table':
      return { table: t }
    case 'EveryColumn':
      return { table: t, columns: ['ts', 'v', 's'], throughStar: true }
    case 'View':
      return { table: v }
    default:
      return unreachable(needs)
  }
}
