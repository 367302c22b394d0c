import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Program, ProgramTarget, Store, StoreSession } from '../../store/store.ts'
import { program, query, run, scalar } from './programs.ts'
import { RowCollector } from './rows.ts'

/** A store to be tested: an empty one, and how its printed SQL names the physical table of an oid. */
export interface StoreUnderTest {
  readonly store: Store
  readonly table: (oid: number) => string
  readonly close: () => Promise<void>
}

/** What every implementation of `Store` has to do (code-style.md, section 7). */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest
    let session: StoreSession
    let lastOid = 100

    beforeAll(async () => {
      under = await open()
      session = under.store.connect()
    }, 60_000)

    afterAll(async () => {
      await session.close()
      await under.close()
    })

    /** A new table `trades (id integer primary key, note text not null)`. */
    async function makeTable(): Promise<{ readonly oid: number; readonly name: string }> {
      const oid = ++lastOid
      const sql = `CREATE TABLE ${under.table(oid)} ("c1" INTEGER PRIMARY KEY, "c2" VARCHAR NOT NULL)`
      await run(session, program(sql, { kind: 'PhysicalChange' }))
      return { oid, name: under.table(oid) }
    }

    test('gives back rows in order, and how many', async () => {
      const ran = await run(
        session,
        program('SELECT * FROM (VALUES (1, $1::VARCHAR), (2, NULL)) AS t (a, b) ORDER BY a', {
          columns: [scalar('int4'), scalar('text')],
          parameters: [scalar('text')],
        }),
        ['héllo'],
      )
      expect(ran.outcome).toEqual({ kind: 'Complete', rowCount: 2 })
      expect(ran.rows.texts).toEqual([
        ['1', 'héllo'],
        ['2', null],
      ])
    })

    test('describes columns that the program does not type', async () => {
      const types = await session.describe(
        program('SELECT 1::INTEGER, 2::BIGINT, $1::VARCHAR', {
          columns: [undefined, scalar('numeric'), undefined],
          parameters: [scalar('text')],
        }),
      )
      expect(types).toEqual([scalar('int4'), scalar('numeric'), scalar('text')])
    })

    test.each([
      ['1e20', '100000000000000000000', '22003'],
      ['NaN', 'NaN', '0A000'],
    ])('a numeric parameter that cannot be held, %s, says why', async (_, value, sqlState) => {
      const cast = program('SELECT CAST($1 AS DECIMAL(38, 18))', {
        columns: [scalar('numeric')],
        parameters: [scalar('numeric')],
      })
      await expect(run(session, cast, [value])).rejects.toMatchObject({ sqlState })
    })

    test('a statement outside of a transaction is seen by other sessions at once', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      const ran = await run(session, insert(table), [1, 'one'])
      expect(ran.outcome).toEqual({ kind: 'Complete', rowCount: 1 })
      expect(await query(other, `SELECT "c2" FROM ${table.name}`)).toEqual([['one']])
      await other.close()
    })

    test('counts changed rows, and rows that RETURNING gives', async () => {
      const table = await makeTable()
      for (const id of [1, 2, 3]) await run(session, insert(table), [id, 'x'])
      const updated = await run(
        session,
        program(`UPDATE ${table.name} SET "c2" = 'y' WHERE "c1" > 1`, { kind: 'Update' }),
      )
      expect(updated.outcome).toEqual({ kind: 'Complete', rowCount: 2 })
      const deleted = await run(
        session,
        program(`DELETE FROM ${table.name} WHERE "c1" < 3 RETURNING "c2"`, {
          kind: 'Delete',
          columns: [scalar('text')],
        }),
      )
      expect(deleted.outcome).toEqual({ kind: 'Complete', rowCount: 2 })
      expect(new Set(deleted.rows.texts.flat())).toEqual(new Set(['x', 'y']))
    })

    test('a transaction is seen by nobody until it commits, and by nobody if it does not', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      const count = `SELECT count(*) FROM ${table.name}`
      await session.begin({ readOnly: false })
      await run(session, insert(table), [1, 'one'])
      expect(await query(session, count)).toEqual([['1']])
      expect(await query(other, count)).toEqual([['0']])
      await session.commit()
      expect(await query(other, count)).toEqual([['1']])
      await session.begin({ readOnly: false })
      await run(session, insert(table), [2, 'two'])
      await session.rollback()
      expect(await query(session, count)).toEqual([['1']])
      await other.close()
    })

    test('an error fails the transaction until it is rolled back', async () => {
      const table = await makeTable()
      await session.begin({ readOnly: false })
      await run(session, insert(table), [1, 'one'])
      await expect(run(session, insert(table), [1, 'again'])).rejects.toMatchObject({
        sqlState: '23505',
      })
      await expect(query(session, 'SELECT 1')).rejects.toMatchObject({ sqlState: '25P02' })
      await session.rollback()
      expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['0']])
    })

    test('a commit of a failed transaction is an error and leaves nothing', async () => {
      const table = await makeTable()
      await session.begin({ readOnly: false })
      await run(session, insert(table), [1, 'one'])
      await expect(query(session, 'SELECT nonsense')).rejects.toMatchObject({ sqlState: 'XX000' })
      await expect(session.commit()).rejects.toMatchObject({ sqlState: '25P02' })
      expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['0']])
    })

    const divided = (table: string): Promise<unknown> =>
      query(session, `SELECT error('no') FROM ${table}`)

    test('a transaction that an error ended goes on where it only read, and nobody wrote', async () => {
      const table = await makeTable()
      const count = `SELECT count(*) FROM ${table.name}`
      const other = under.store.connect()
      await run(session, insert(table), [1, 'one'])
      await session.begin({ readOnly: false })
      expect(await query(session, count)).toEqual([['1']])
      expect(session.isTransactionUsable).toBe(true)
      await expect(divided(table.name)).rejects.toBeDefined()
      expect(session.isTransactionUsable).toBe(false)
      expect(await session.revive()).toBe(true)
      await run(other, insert(table), [2, 'two'])
      // Its snapshot is one from before that write.
      expect(await query(session, count)).toEqual([['1']])
      await expect(divided(table.name)).rejects.toBeDefined()
      expect(await session.revive()).toBe(false)
      await expect(query(session, count)).rejects.toMatchObject({ sqlState: '25P02' })
      await session.rollback()
      expect(session.isTransactionUsable).toBe(false)
      expect(await query(session, count)).toEqual([['2']])
      await other.close()
    })

    test('a transaction that an error ended does not go on where it wrote', async () => {
      const table = await makeTable()
      await session.begin({ readOnly: false })
      await query(session, `SELECT count(*) FROM ${table.name}`)
      expect(session.writesInTransaction).toBe(0)
      await run(session, insert(table), [1, 'one'])
      expect(session.writesInTransaction).toBe(1)
      await expect(divided(table.name)).rejects.toBeDefined()
      expect(await session.revive()).toBe(false)
      await session.rollback()
      expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['0']])
    })

    test('a transaction that read nothing before the error goes on after writes of others', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      await run(other, insert(table), [1, 'one'])
      await session.begin({ readOnly: false })
      await expect(divided(table.name)).rejects.toBeDefined()
      await run(other, insert(table), [2, 'two'])
      expect(await session.revive()).toBe(true)
      await run(session, insert(table), [3, 'three'])
      await session.commit()
      expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['3']])
      await other.close()
    })

    test('there is no going on while a write is under way, or in no transaction', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      await run(session, insert(table), [1, 'one'])
      await session.begin({ readOnly: false })
      await query(session, `SELECT count(*) FROM ${table.name}`)
      await expect(divided(table.name)).rejects.toBeDefined()
      const update = program(`UPDATE ${table.name} SET "c2" = 'new' RETURNING "c1"`, {
        kind: 'Update',
        columns: [scalar('int4')],
      })
      const portal = other.open({ program: update, values: [], formats: [] })
      await portal.fetch(1, new RowCollector())
      expect(await session.revive()).toBe(false)
      await session.rollback()
      expect(await session.revive()).toBe(false)
      await portal.close()
      await other.close()
    })

    test('the first of two writers of a row wins', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      await run(session, insert(table), [1, 'one'])
      const update = program(`UPDATE ${table.name} SET "c2" = 'new'`, { kind: 'Update' })
      await session.begin({ readOnly: false })
      await other.begin({ readOnly: false })
      await run(session, update)
      await expect(run(other, update)).rejects.toMatchObject({ sqlState: '40001' })
      await other.rollback()
      await session.commit()
      await other.close()
    })

    test('a key that two transactions insert is refused to the second', async () => {
      const table = await makeTable()
      const other = under.store.connect()
      await session.begin({ readOnly: false })
      await other.begin({ readOnly: false })
      await run(session, insert(table), [1, 'one'])
      await run(other, insert(table), [1, 'one'])
      await session.commit()
      await expect(other.commit()).rejects.toMatchObject({ sqlState: '23505' })
      // The transaction is gone: the session goes on.
      expect(await query(other, `SELECT count(*) FROM ${table.name}`)).toEqual([['1']])
      await other.close()
    })

    test('a read-only transaction writes nothing', async () => {
      const table = await makeTable()
      await session.begin({ readOnly: true })
      await expect(run(session, insert(table), [1, 'one'])).rejects.toMatchObject({
        sqlState: '25006',
      })
      await session.rollback()
    })

    test('calls that do not wait for each other run in order', async () => {
      const table = await makeTable()
      const results = await Promise.all([
        session.begin({ readOnly: false }),
        run(session, insert(table), [1, 'one']),
        run(session, insert(table), [2, 'two']),
        session.commit(),
        query(session, `SELECT count(*) FROM ${table.name}`),
      ])
      expect(results.at(-1)).toEqual([['2']])
    })

    test('what follows an error without waiting for it fails too', async () => {
      const table = await makeTable()
      const results = await Promise.allSettled([
        session.begin({ readOnly: false }),
        run(session, program('SELECT nonsense')),
        run(session, insert(table), [2, 'two']),
        session.commit(),
        query(session, `SELECT count(*) FROM ${table.name}`),
      ])
      expect(results.map((result) => result.status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ])
      expect(results.at(-1)).toMatchObject({ value: [['0']] })
    })

    describe('portals', () => {
      const numbers = program(
        'SELECT i::INTEGER FROM generate_series(1, 5000) AS t (i) ORDER BY i',
        {
          columns: [scalar('int4')],
        },
      )

      test('give as many rows as asked for, then the rest', async () => {
        const portal = session.open({ program: numbers, values: [], formats: [] })
        const rows = new RowCollector()
        expect(await portal.fetch(3, rows)).toEqual({ kind: 'Suspended', rowCount: 3 })
        expect(await portal.fetch(2500, rows)).toEqual({ kind: 'Suspended', rowCount: 2500 })
        expect(await portal.fetch(0, rows)).toEqual({ kind: 'Complete', rowCount: 2497 })
        expect(rows.texts.flat().map(Number)).toEqual(
          Array.from({ length: 5000 }, (_, index) => index + 1),
        )
      })

      test('that end exactly at the limit say so at the next fetch', async () => {
        const portal = session.open({ program: numbers, values: [], formats: [] })
        const rows = new RowCollector()
        expect(await portal.fetch(5000, rows)).toEqual({ kind: 'Suspended', rowCount: 5000 })
        expect(await portal.fetch(1, rows)).toEqual({ kind: 'Complete', rowCount: 0 })
      })

      test.each(['inside', 'outside'])(
        'keep their rows while other statements run %s a transaction',
        async (place) => {
          const table = await makeTable()
          if (place === 'inside') await session.begin({ readOnly: false })
          const portal = session.open({ program: numbers, values: [], formats: [] })
          const second = session.open({ program: numbers, values: [], formats: ['binary'] })
          const rows = new RowCollector()
          const secondRows = new RowCollector()
          await portal.fetch(2500, rows)
          await second.fetch(10, secondRows)
          await run(session, insert(table), [1, 'one'])
          await portal.fetch(7, rows)
          await second.fetch(0, secondRows)
          await portal.fetch(0, rows)
          if (place === 'inside') await session.commit()
          expect(rows.texts.length).toBe(5000)
          expect(rows.texts.at(-1)).toEqual(['5000'])
          expect(secondRows.rowsTaken.length).toBe(5000)
          expect(secondRows.rowsTaken.at(-1)?.[0]?.readInt32BE(0)).toBe(5000)
          expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['1']])
        },
      )

      test('see the rows that there were when they began', async () => {
        const table = await makeTable()
        await run(
          session,
          program(
            `INSERT INTO ${table.name} SELECT i, 'x' FROM generate_series(1, 5000) AS t (i)`,
            {
              kind: 'Insert',
            },
          ),
        )
        const portal = session.open({
          program: program(`SELECT "c1" FROM ${table.name}`, { columns: [scalar('int4')] }),
          values: [],
          formats: [],
        })
        const rows = new RowCollector()
        await portal.fetch(10, rows)
        await run(session, program(`DELETE FROM ${table.name}`, { kind: 'Delete' }))
        expect(await portal.fetch(0, rows)).toEqual({ kind: 'Complete', rowCount: 4990 })
      })

      test('can be closed before their end', async () => {
        const portal = session.open({ program: numbers, values: [], formats: [] })
        await portal.fetch(3, new RowCollector())
        await portal.close()
        expect(await query(session, 'SELECT 1')).toEqual([['1']])
      })

      test('a change whose rows are not all fetched stays', async () => {
        const table = await makeTable()
        const portal = session.open({
          program: program(`INSERT INTO ${table.name} VALUES (1, 'a'), (2, 'b') RETURNING "c1"`, {
            kind: 'Insert',
            columns: [scalar('int4')],
          }),
          values: [],
          formats: [],
        })
        await portal.fetch(1, new RowCollector())
        await portal.close()
        expect(await query(session, `SELECT count(*) FROM ${table.name}`)).toEqual([['2']])
      })

      test('hold the statement back while the client does not read', async () => {
        let release: (() => void) | undefined
        let rowCount = 0
        const many = program(`SELECT repeat('x', 1000) FROM generate_series(1, 50000) AS t (i)`, {
          columns: [scalar('text')],
        })
        const portal = session.open({ program: many, values: [], formats: [] })
        const done = portal.fetch(0, {
          rows: (_, count) => {
            rowCount += count
            return new Promise((resolve) => {
              release = resolve
              setTimeout(resolve, 1)
            })
          },
        })
        expect(await done).toEqual({ kind: 'Complete', rowCount: 50_000 })
        expect(rowCount).toBe(50_000)
        expect(release).toBeDefined()
      })

      test('end with the error of a sink that cannot go on', async () => {
        const portal = session.open({ program: numbers, values: [], formats: [] })
        const gone = new Error('the client is gone')
        await expect(
          portal.fetch(0, {
            rows: () => {
              throw gone
            },
          }),
        ).rejects.toBe(gone)
        expect(await query(session, 'SELECT 1')).toEqual([['1']])
      })
    })

    describe('cancel', () => {
      const endless = program('SELECT count(*) FROM generate_series(1, 100000000000) AS t (i)', {
        columns: [scalar('int8')],
      })

      test('ends what runs', async () => {
        const running = run(session, endless)
        const timer = setInterval(() => session.cancel(), 20)
        await expect(running).rejects.toMatchObject({ sqlState: '57014' })
        clearInterval(timer)
      })

      test('does nothing to an idle session', async () => {
        session.cancel()
        expect(await query(session, 'SELECT 1')).toEqual([['1']])
      })

      test('ends a statement whose client does not read', async () => {
        const many = program(`SELECT repeat('x', 1000) FROM generate_series(1, 50000) AS t (i)`, {
          columns: [scalar('text')],
        })
        const portal = session.open({ program: many, values: [], formats: [] })
        let resume: (() => void) | undefined
        const running = portal.fetch(0, {
          rows: () =>
            new Promise((resolve) => {
              resume ??= resolve
              session.cancel()
              resolve()
            }),
        })
        await expect(running).rejects.toMatchObject({ sqlState: '57014' })
      })
    })

    describe('commit numbers', () => {
      test('tell whether a transaction was committed, until they are forgotten', async () => {
        const table = await makeTable()
        await session.begin({ readOnly: false })
        await run(session, insert(table), [1, 'one'])
        await session.commit(7)
        await session.begin({ readOnly: false })
        await run(session, insert(table), [2, 'two'])
        await session.rollback()
        expect(await under.store.hasCommitted(7)).toBe(true)
        expect(await under.store.hasCommitted(8)).toBe(false)
        await under.store.forgetCommitsBelow(8)
        expect(await under.store.hasCommitted(7)).toBe(false)
      })
    })

    test('sweep drops tables that nobody wants, and nothing else', async () => {
      const kept = await makeTable()
      const dropped = await makeTable()
      const before = await under.store.tables()
      expect(before).toEqual(expect.arrayContaining([kept.oid, dropped.oid]))
      const swept = await under.store.sweep(new Set(before.filter((oid) => oid !== dropped.oid)))
      expect(swept).toEqual([dropped.oid])
      expect(await under.store.tables()).not.toContain(dropped.oid)
      expect(await query(session, `SELECT count(*) FROM ${kept.name}`)).toEqual([['0']])
      expect(await under.store.hasCommitted(1)).toBe(false)
    })

    test('the time zone decides how instants are written', async () => {
      const instant = `SELECT TIMESTAMPTZ '2024-01-15 12:00:00+00'`
      const inZone = under.store.connect()
      await inZone.setTimeZone('Asia/Kolkata')
      expect(await query(inZone, instant)).toEqual([['2024-01-15 17:30:00+05:30']])
      expect(await query(session, instant)).toEqual([['2024-01-15 12:00:00+00']])
      await inZone.setTimeZone('America/New_York')
      expect(await query(inZone, instant)).toEqual([['2024-01-15 07:00:00-05']])
      await inZone.close()
    })
  })
}

function insert(table: { readonly oid: number; readonly name: string }): Program {
  return program(`INSERT INTO ${table.name} VALUES ($1::INTEGER, $2::VARCHAR)`, {
    kind: 'Insert',
    parameters: [scalar('int4'), scalar('text')],
    target: targetOf(table.oid),
  })
}

function targetOf(oid: number): ProgramTarget {
  return {
    oid,
    schema: 'public',
    table: 'trades',
    columns: [
      { attnum: 1, name: 'id' },
      { attnum: 2, name: 'note' },
    ],
  }
}
