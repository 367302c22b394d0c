import { describe, expect, test } from '@jest/globals'
import { patchedColumn, patchedTable } from '../../acl/alter-table-changes.ts'
import { apply } from '../../acl/apply.ts'
import type { AlterColumnChange } from '../../acl/change.ts'
import { relationName } from '../../acl/names.ts'
import type { Table } from '../../acl/schema.ts'
import { oid } from './brands.ts'
import { plainColumn } from './schema-change.ts'
import { tableNamed, World } from './world.ts'
import { actorOf } from './actors.ts'

const table: Table = {
  kind: 'Table',
  oid: oid(1),
  ...relationName({ name: 't' }),
  columns: [plainColumn('a', 1)],
  wal: true,
  dedupKeys: [],
  constraints: [],
  nextAttnum: 2,
}

describe('what ALTER TABLE changes beside names', () => {
  test('a patch sets what it names, leaves what it does not, and takes away with null', () => {
    const set = patchedTable(table, {
      timeToLive: { amount: 2, unit: 'DAY' },
      suspended: true,
      parameters: { maxUncommittedRows: 5 },
    })
    const more = patchedTable(set, { wal: false, parameters: { o3MaxLagMicros: 7 } })
    expect(more).toMatchObject({
      wal: false,
      timeToLive: { amount: 2, unit: 'DAY' },
      suspended: true,
      parameters: { maxUncommittedRows: 5, o3MaxLagMicros: 7 },
    })
    const without = patchedTable(more, { timeToLive: null, suspended: null })
    expect(without).not.toHaveProperty('timeToLive')
    expect(without).not.toHaveProperty('suspended')
  })

  test('a column alike', () => {
    const indexed = patchedColumn(plainColumn('a', 1), { index: { capacity: 256 } })
    expect(patchedColumn(indexed, { symbol: { capacity: 8, cached: false } })).toMatchObject({
      index: { capacity: 256 },
      symbol: { capacity: 8, cached: false },
    })
    expect(patchedColumn(indexed, { index: null })).not.toHaveProperty('index')
  })

  test('a column that changed its type has the next number, which nobody else may have taken', () => {
    const world = World.after('CREATE TABLE t (a INT, b INT)')
    const relation = world.model.schema.relation(tableNamed('t').key)
    if (relation === undefined) throw new Error('t is there')
    const retype = (attnum: number): AlterColumnChange => ({
      kind: 'AlterColumn',
      relation: tableNamed('t'),
      oid: relation.oid,
      attnum: 1,
      patch: { type: { type: { kind: 'Scalar', name: 'text' }, declaredType: 'TEXT', attnum } },
    })
    const by = { actor: actorOf(world.model, 'admin') }
    expect(
      apply(world.model, retype(3), by).model.schema.relation(tableNamed('t').key),
    ).toMatchObject({
      columns: [
        { attnum: 3, name: 'a', declaredType: 'TEXT' },
        { attnum: 2, name: 'b' },
      ],
      nextAttnum: 4,
    })
    expect(() => apply(world.model, retype(2), by)).toThrow('t was changed meanwhile')
  })

  test('entries stay as they are, and a column that is gone is a conflict', () => {
    const world = World.after(
      'CREATE USER u',
      'CREATE TABLE t (a INT)',
      'GRANT SELECT ON t(a) TO u',
    )
    const relation = world.model.schema.relation(tableNamed('t').key)
    if (relation === undefined) throw new Error('t is there')
    const change = {
      kind: 'AlterColumn',
      relation: tableNamed('t'),
      oid: relation.oid,
      attnum: 1,
      patch: { index: { capacity: 256 } },
    } as const
    const { model, effects } = apply(world.model, change, { actor: actorOf(world.model, 'admin') })
    expect(effects.map(({ kind }) => kind)).toEqual(['PutRelation'])
    expect(model.entries).toBe(world.model.entries)
    expect(() =>
      apply(world.model, { ...change, attnum: 9 }, { actor: actorOf(world.model, 'admin') }),
    ).toThrow()
  })
})
