import { beforeAll, describe, expect, test } from '@jest/globals'
import { serverRelationRows, systemRelations } from '../../acl/server-relations.ts'
import { loadParser } from '../../parser/parse.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { noFacts } from './no-facts.ts'
import { World } from './world.ts'

beforeAll(loadParser)

/** The rows as objects, for who asks. */
function seen(
  world: World,
  who: string,
  name: 'tables' | 'columns',
): readonly Record<string, SqlValue | undefined>[] {
  const relation = `information_schema.${name}`
  const rows = serverRelationRows(relation, {
    model: world.model,
    actor: world.actor(who),
    args: [],
    facts: noFacts,
  })
  const columns = systemRelations.get(relation)?.columns ?? []
  return rows.map((row) => {
    expect(row).toHaveLength(columns.length)
    return Object.fromEntries(columns.map((column, index) => [column.name, row[index]]))
  })
}

const setUp = [
  'CREATE TABLE t (a INT, b INT, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY',
  'CREATE TABLE u (a INT, b INT, c INT)',
  'CREATE VIEW v AS (SELECT a FROM t)',
  'CREATE USER bob',
  'CREATE USER eve',
  'GRANT SELECT ON t(a) TO bob',
  'GRANT UPDATE ON t(b) TO bob',
]

describe('information_schema', () => {
  test('tables: the relations that one sees, and which can be written to (G60, V9)', () => {
    const world = World.after(...setUp)
    const told = (who: string): unknown[] =>
      seen(world, who, 'tables').map((row) => [
        row['table_schema'],
        row['table_name'],
        row['table_type'],
        row['is_insertable_into'],
      ])
    expect(told('admin')).toEqual([
      ['public', 't', 'BASE TABLE', 'YES'],
      ['public', 'u', 'BASE TABLE', 'YES'],
      ['public', 'v', 'VIEW', 'NO'],
    ])
    expect(told('bob')).toEqual([['public', 't', 'BASE TABLE', 'YES']])
    expect(told('eve')).toEqual([])
  })

  test('columns: those that one sees, implicit permissions included', () => {
    const world = World.after(...setUp)
    const told = (who: string): unknown[] =>
      seen(world, who, 'columns').map((row) => [
        row['table_name'],
        row['column_name'],
        row['ordinal_position'],
        row['is_updatable'],
      ])
    expect(told('admin')).toHaveLength(7)
    expect(told('bob')).toEqual([
      ['t', 'a', 1, 'YES'],
      ['t', 'b', 2, 'YES'],
      ['t', 'ts', 3, 'YES'],
    ])
    expect(told('eve')).toEqual([])
    world.run('REVOKE SELECT ON t(a) FROM bob')
    world.run('REVOKE UPDATE ON t(b) FROM bob')
    expect(told('bob')).toEqual([])
  })

  test('the ordinal position is the place in the table, whatever was dropped', () => {
    const world = World.after(...setUp, 'ALTER TABLE u DROP COLUMN a')
    const places = seen(world, 'admin', 'columns')
      .filter((row) => row['table_name'] === 'u')
      .map((row) => [row['column_name'], row['ordinal_position'], row['dtd_identifier']])
    expect(places).toEqual([
      ['b', 1, '1'],
      ['c', 2, '2'],
    ])
  })
})
