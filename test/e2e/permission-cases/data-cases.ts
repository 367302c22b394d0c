/** SELECT, INSERT, UPDATE, DELETE, TRUNCATE: statements about rows. */
import type { PermissionCase } from './permission-case.ts'
import { dayTable, permissionCase, rowsOf } from './permission-case.ts'

const moment = '2024-01-03T00:00:00Z'

export const dataCases: readonly PermissionCase[] = [
  permissionCase('SELECT', 'SELECT', (n) => ({
    setUp: dayTable(n('t')),
    statement: `SELECT v FROM ${n('t')} ORDER BY v`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Returns', rows: [['1'], ['2']] },
  })),
  permissionCase(
    'SELECT',
    'SELECT',
    (n) => ({
      setUp: dayTable(n('t')),
      statement: `SELECT 1 FROM ${n('t')} WHERE v = 1 ORDER BY s`,
      target: { table: n('t'), columns: ['v', 's'], otherColumn: 'ts' },
      outcome: { kind: 'Returns', rows: [['1']] },
    }),
    'columns of WHERE and ORDER BY',
  ),
  permissionCase(
    'SELECT',
    'SELECT',
    (n) => ({
      setUp: dayTable(n('t')),
      statement: `SELECT * FROM ${n('t')} ORDER BY v LIMIT 1`,
      target: { table: n('t'), columns: ['ts', 'v', 's'], throughStar: true },
      outcome: { kind: 'Returns', rows: [['2024-01-01 00:00:00', '1', 'a']] },
    }),
    'a star',
  ),
  permissionCase(
    'SELECT',
    'SELECT',
    (n) => ({
      setUp: dayTable(n('t')),
      statement: `SELECT count(*) FROM ${n('t')}`,
      target: { table: n('t'), columns: ['s'] },
      outcome: { kind: 'Returns', rows: [['2']] },
    }),
    'no column: any one',
  ),
  permissionCase(
    'SELECT',
    'SELECT',
    (n) => ({
      setUp: [...dayTable(n('t')), `CREATE VIEW ${n('v')} AS (SELECT v FROM ${n('t')})`],
      statement: `SELECT v FROM ${n('v')} ORDER BY v`,
      target: { table: n('v') },
      outcome: { kind: 'Returns', rows: [['1'], ['2']] },
    }),
    'a view, nothing on its table (V1)',
  ),
  permissionCase('SELECT', 'EXPLAIN', (n) => ({
    setUp: dayTable(n('t')),
    statement: `EXPLAIN SELECT v FROM ${n('t')}`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'ReturnsLike', isRight: (rows) => rows.length > 0 },
  })),
  permissionCase('SELECT', 'INSERT SELECT (source)', (n) => ({
    setUp: [...dayTable(n('t')), `CREATE TABLE ${n('into')} (a INT)`],
    besides: [`INSERT ON ${n('into')}`],
    statement: `INSERT INTO ${n('into')} SELECT v FROM ${n('t')}`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: rowsOf(n('into')) },
  })),
  permissionCase('SELECT', 'UPDATE (columns read)', (n) => ({
    setUp: dayTable(n('t')),
    besides: [`UPDATE ON ${n('t')}(s)`],
    statement: `UPDATE ${n('t')} SET s = 'c' WHERE v = 1`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
  permissionCase(
    'SELECT',
    'UPDATE (columns read)',
    (n) => ({
      setUp: dayTable(n('t')),
      besides: [`DELETE ON ${n('t')}`],
      statement: `DELETE FROM ${n('t')} WHERE v = 1`,
      target: { table: n('t'), columns: ['v'], otherColumn: 's' },
      outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
    }),
    'and of DELETE',
  ),
  permissionCase('SELECT', 'RETURNING', (n) => ({
    setUp: dayTable(n('t')),
    besides: [`INSERT ON ${n('t')}`],
    statement: `INSERT INTO ${n('t')} VALUES ('${moment}', 3, 'c') RETURNING v`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
  permissionCase('INSERT', 'INSERT', (n) => ({
    setUp: dayTable(n('t')),
    statement: `INSERT INTO ${n('t')} VALUES ('${moment}', 3, 'c')`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
  permissionCase('INSERT', 'INSERT SELECT', (n) => ({
    setUp: [...dayTable(n('t')), `CREATE TABLE ${n('into')} (a INT)`],
    besides: [`SELECT ON ${n('t')}(v)`],
    statement: `INSERT INTO ${n('into')} SELECT v FROM ${n('t')}`,
    target: { table: n('into') },
    outcome: { kind: 'Changes', probe: rowsOf(n('into')) },
  })),
  permissionCase('UPDATE', 'UPDATE (columns assigned)', (n) => ({
    setUp: dayTable(n('t')),
    statement: `UPDATE ${n('t')} SET v = 7`,
    target: { table: n('t'), columns: ['v'], otherColumn: 's' },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
  permissionCase(
    'UPDATE',
    'UPDATE (columns assigned)',
    (n) => ({
      setUp: [
        `CREATE TABLE ${n('t')} (k INT PRIMARY KEY, a INT, b INT)`,
        `INSERT INTO ${n('t')} VALUES (1, 1, 1)`,
      ],
      besides: [`INSERT ON ${n('t')}`, `SELECT ON ${n('t')}(k)`],
      statement: `INSERT INTO ${n('t')} VALUES (1, 2, 3) ON CONFLICT (k) DO UPDATE SET a = 5`,
      target: { table: n('t'), columns: ['a'], otherColumn: 'b' },
      outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
    }),
    'of ON CONFLICT',
  ),
  permissionCase('DELETE', 'DELETE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `DELETE FROM ${n('t')}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
  permissionCase(
    'DELETE',
    'DELETE',
    (n) => ({
      setUp: dayTable(n('t')),
      besides: [`SELECT ON ${n('t')}(v)`],
      statement: `DELETE FROM ${n('t')} WHERE v = 1`,
      target: { table: n('t') },
      outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
    }),
    'with a condition',
  ),
  permissionCase('TRUNCATE TABLE', 'TRUNCATE TABLE', (n) => ({
    setUp: dayTable(n('t')),
    statement: `TRUNCATE TABLE ${n('t')}`,
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')) },
  })),
]
