/** Statements and functions about the server as a whole. */
import type { PermissionCase } from './permission-case.ts'
import { permissionCase } from './permission-case.ts'

const administrative = [
  'reload_tls()',
  'reload_config()',
  'dump_memory_usage()',
  'dump_thread_stacks()',
  'flush_query_cache()',
  'hydrate_table_metadata()',
]

export const serverCases: readonly PermissionCase[] = [
  ...administrative.map((call) =>
    permissionCase('SYSTEM ADMIN', call, () => ({
      statement: `SELECT ${call.replace('metadata()', "metadata('*')")}`,
      outcome: { kind: 'ReturnsLike', isRight: ([row]) => row?.[0] === 't' || row?.[0] === 'f' },
    })),
  ),
  permissionCase('SYSTEM ADMIN', 'SHOW PARAMETERS', () => ({
    statement: 'SHOW PARAMETERS',
    outcome: {
      kind: 'ReturnsLike',
      isRight: (rows) => rows.some(([name]) => name === 'pg.net.bind.to'),
    },
  })),
  permissionCase('AUDIT VIEW', 'audit log', (n) => ({
    setUp: [`CREATE GROUP ${n('g')}`],
    statement: 'SELECT * FROM audit_log()',
    outcome: { kind: 'ReturnsLike', isRight: (rows) => rows.length > 0 },
  })),
]
