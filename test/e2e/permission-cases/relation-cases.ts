/** Tables and views that come, go and get other names. */
import type { PermissionCase } from './permission-case.ts'
import { columnsOf, dayTable, permissionCase, relationIsThere } from './permission-case.ts'

const viewDefinition = (view: string): string => `SHOW CREATE VIEW ${view}`

export const tableCases: readonly PermissionCase[] = [
  permissionCase('CREATE TABLE', 'CREATE TABLE', (n) => ({
    statement: `CREATE TABLE ${n('t')} (a INT)`,
    outcome: { kind: 'Changes', probe: relationIsThere(n('t')) },
  })),
  permissionCase('CREATE TABLE', 'CREATE TABLE AS SELECT', (n) => ({
    setUp: dayTable(n('t')),
    besides: [`SELECT ON ${n('t')}(v)`],
    statement: `CREATE TABLE ${n('made')} AS (SELECT v FROM ${n('t')})`,
    outcome: { kind: 'Changes', probe: relationIsThere(n('made')) },
  })),
  permissionCase('SELECT', 'CREATE TABLE AS SELECT (source)', (n) => ({
    setUp: dayTable(n('t')),
    besides: ['CREATE TABLE'],
    statement: `CREATE TABLE ${n('made')} AS (SELECT v FROM ${n('t')})`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: relationIsThere(n('made')) },
  })),
  permissionCase('CREATE TABLE', 'CREATE TABLE LIKE', (n) => ({
    setUp: dayTable(n('t')),
    besides: [`SELECT ON ${n('t')}`],
    statement: `CREATE TABLE ${n('made')} (LIKE ${n('t')})`,
    outcome: { kind: 'Changes', probe: relationIsThere(n('made')) },
  })),
  permissionCase('SELECT', 'CREATE TABLE LIKE (source)', (n) => ({
    setUp: dayTable(n('t')),
    besides: ['CREATE TABLE'],
    statement: `CREATE TABLE ${n('made')} (LIKE ${n('t')})`,
    target: { table: n('t'), columns: ['ts', 'v', 's'], throughStar: true },
    outcome: { kind: 'Changes', probe: relationIsThere(n('made')) },
  })),
  permissionCase('DROP TABLE', 'DROP TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `DROP TABLE ${n('t')}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: relationIsThere(n('t')) },
  })),
  permissionCase('RENAME TABLE', 'RENAME TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `RENAME TABLE ${n('t')} TO ${n('other')}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: relationIsThere(n('other')) },
  })),
  permissionCase('RENAME TABLE', 'ALTER TABLE RENAME TO', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} RENAME TO ${n('other')}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: relationIsThere(n('other')) },
  })),
  permissionCase('ADD COLUMN', 'ALTER TABLE ADD COLUMN', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} ADD COLUMN more INT`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: columnsOf(n('t')) },
  })),
  permissionCase('DROP COLUMN', 'ALTER TABLE DROP COLUMN', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} DROP COLUMN v`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: columnsOf(n('t')) },
  })),
  permissionCase('RENAME COLUMN', 'ALTER TABLE RENAME COLUMN', (n) => ({
    setUp: dayTable(n('t')),
    statement: `ALTER TABLE ${n('t')} RENAME COLUMN v TO w`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: columnsOf(n('t')) },
  })),
]

export const viewCases: readonly PermissionCase[] = [
  permissionCase('CREATE VIEW', 'CREATE VIEW', (n) => ({
    setUp: dayTable(n('t')),
    besides: [`SELECT ON ${n('t')}(v)`],
    statement: `CREATE VIEW ${n('v')} AS (SELECT v FROM ${n('t')})`,
    outcome: { kind: 'Changes', probe: relationIsThere(n('v')) },
  })),
  permissionCase('SELECT', 'CREATE VIEW (definition)', (n) => ({
    setUp: dayTable(n('t')),
    besides: ['CREATE VIEW'],
    statement: `CREATE VIEW ${n('v')} AS (SELECT v FROM ${n('t')})`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: relationIsThere(n('v')) },
  })),
  permissionCase('CREATE VIEW', 'CREATE OR REPLACE VIEW', (n) => ({
    statement: `CREATE OR REPLACE VIEW ${n('v')} AS (SELECT 1 AS a)`,
    outcome: { kind: 'Changes', probe: relationIsThere(n('v')) },
  })),
  permissionCase('ALTER VIEW', 'CREATE OR REPLACE VIEW (view exists)', (n) => ({
    setUp: [`CREATE VIEW ${n('v')} AS (SELECT 1 AS a)`],
    besides: ['CREATE VIEW'],
    statement: `CREATE OR REPLACE VIEW ${n('v')} AS (SELECT 2 AS a)`,
    target: { table: n('v') },
    outcome: { kind: 'Changes', probe: viewDefinition(n('v')) },
  })),
  permissionCase('ALTER VIEW', 'ALTER VIEW', (n) => ({
    setUp: [`CREATE VIEW ${n('v')} AS (SELECT 1 AS a)`],
    statement: `ALTER VIEW ${n('v')} AS (SELECT 2 AS a)`,
    target: { table: n('v') },
    outcome: { kind: 'Changes', probe: viewDefinition(n('v')) },
  })),
  permissionCase('SELECT', 'ALTER VIEW (definition)', (n) => ({
    setUp: [...dayTable(n('t')), `CREATE VIEW ${n('v')} AS (SELECT 1 AS a)`],
    besides: [`ALTER VIEW ON ${n('v')}`],
    statement: `ALTER VIEW ${n('v')} AS (SELECT v AS a FROM ${n('t')})`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: viewDefinition(n('v')) },
  })),
  permissionCase('DROP VIEW', 'DROP VIEW', (n) => ({
    setUp: [`CREATE VIEW ${n('v')} AS (SELECT 1 AS a)`],
    statement: `DROP VIEW ${n('v')}`,
    target: { table: n('v') },
    outcome: { kind: 'Changes', probe: relationIsThere(n('v')) },
  })),
  permissionCase('COMPILE VIEW', 'COMPILE VIEW', (n) => ({
    setUp: [...dayTable(n('t')), `CREATE VIEW ${n('v')} AS (SELECT v FROM ${n('t')})`],
    statement: `COMPILE VIEW ${n('v')}`,
    target: { table: n('v') },
    outcome: { kind: 'Completes', command: 'COMPILE' },
  })),
]
