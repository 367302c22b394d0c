import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { StoreSession } from '../../store/store.ts'
import { program, query, run, scalar } from './programs.ts'
import { RowCollector } from './rows.ts'
import { openTestStore } from './test-store.ts'
import type { TestStore } from './test-store.ts'

let tested: TestStore
let session: StoreSession

beforeAll(async () => {
  tested = await openTestStore()
  session = tested.store.connect()
}, 60_000)

afterAll(async () => {
  await tested.close()
}, 60_000)

/** Raises at row 5000 of 10000, when some rows are on their way. */
const failsLate = program(
  `SELECT CASE WHEN i = 5000 THEN error('grantd:22012:division by zero') ELSE i END::VARCHAR FROM range(10000) AS t (i)`,
  { columns: [scalar('text')] },
)

test('many rows keep their order, NULLs and places', async () => {
  const ran = await run(
    session,
    program(
      `SELECT i::INTEGER, CASE WHEN i % 3 = 0 THEN NULL ELSE 'row ' || i || ' of many' END, CASE WHEN i % 2 = 0 THEN i / 4.0::DOUBLE END
       FROM range(20000) AS t (i) ORDER BY i`,
      { columns: [scalar('int4'), scalar('text'), scalar('float8')] },
    ),
  )
  const expected = Array.from({ length: 20_000 }, (_, i) => [
    String(i),
    i % 3 === 0 ? null : `row ${i} of many`,
    i % 2 === 0 ? String(i / 4) : null,
  ])
  expect(ran.rows.texts).toEqual(expected)
})

test('rows of a megabyte each are sent in parts', async () => {
  const ran = await run(
    session,
    program(`SELECT repeat('x', 1000000 + i::INTEGER) FROM range(100) AS t (i)`, {
      columns: [scalar('text')],
    }),
  )
  expect(ran.outcome).toEqual({ kind: 'Complete', rowCount: 100 })
  expect(ran.rows.rowsTaken.map((row) => row[0]?.length)).toEqual(
    Array.from({ length: 100 }, (_, i) => 1_000_000 + i),
  )
})

test('a row without columns is a row', async () => {
  const ran = await run(session, program('SELECT 1 FROM range(3)', { columns: [] }))
  expect(ran.outcome).toEqual({ kind: 'Complete', rowCount: 3 })
  expect(ran.rows.rowsTaken).toEqual([[], [], []])
})

describe('an error in the middle of the rows', () => {
  test('ends the statement', async () => {
    await expect(run(session, failsLate)).rejects.toMatchObject({ sqlState: '22012' })
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  })

  test('fails the transaction, and is the error that is told', async () => {
    await session.begin({ readOnly: false })
    await expect(run(session, failsLate)).rejects.toMatchObject({ sqlState: '22012' })
    await expect(query(session, 'SELECT 1')).rejects.toMatchObject({ sqlState: '25P02' })
    await session.rollback()
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  })

  test('that RETURNING finds undoes the change', async () => {
    const table = tested.table(1)
    await run(session, program(`CREATE TABLE ${table} (c1 VARCHAR)`, { kind: 'PhysicalChange' }))
    const insert = program(`INSERT INTO ${table} VALUES ('a'), (chr(0)) RETURNING c1`, {
      kind: 'Insert',
      columns: [scalar('text')],
    })
    await expect(run(session, insert)).rejects.toMatchObject({ sqlState: '22021' })
    expect(await query(session, `SELECT count(*) FROM ${table}`)).toEqual([['0']])
  })

  test('a cancel in a transaction fails it with 57014', async () => {
    await session.begin({ readOnly: false })
    const endless = program('SELECT count(*) FROM range(100000000000)', {
      columns: [scalar('int8')],
    })
    const running = run(session, endless)
    const timer = setInterval(() => session.cancel(), 20)
    await expect(running).rejects.toMatchObject({ sqlState: '57014' })
    clearInterval(timer)
    await session.rollback()
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  })
})

test('a suspended portal of a transaction may have more rows than memory should hold', async () => {
  await session.begin({ readOnly: false })
  const wide = program(`SELECT i || repeat('x', 1000) FROM range(20000) AS t (i) ORDER BY i`, {
    columns: [scalar('text')],
  })
  const portal = session.open({ program: wide, values: [], formats: [] })
  const rows = new RowCollector()
  await portal.fetch(10, rows)
  expect(await query(session, 'SELECT 1')).toEqual([['1']])
  while ((await portal.fetch(777, rows)).kind === 'Suspended') {
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  }
  await session.commit()
  expect(rows.texts.map(([text]) => Number.parseInt(text ?? '', 10))).toEqual(
    Array.from({ length: 20_000 }, (_, i) => i),
  )
}, 60_000)

test('what is not the kind of statement that it claims to be does not run', async () => {
  const table = tested.table(2)
  await run(session, program(`CREATE TABLE ${table} (c1 INTEGER)`, { kind: 'PhysicalChange' }))
  for (const sql of [
    `INSERT INTO ${table} VALUES (1)`,
    `SELECT 1; INSERT INTO ${table} VALUES (1)`,
    `SET threads = 1`,
    `ATTACH ':memory:' AS other`,
    `CALL checkpoint()`,
    `EXPLAIN ANALYZE INSERT INTO ${table} VALUES (1)`,
  ]) {
    await expect(run(session, program(sql, { columns: [undefined] }))).rejects.toMatchObject({
      sqlState: 'XX000',
    })
  }
  expect(await query(session, `SELECT count(*) FROM ${table}`)).toEqual([['0']])
})

test('the engine is locked: no file, no setting, no other name', async () => {
  for (const sql of [
    `SELECT * FROM read_csv('/etc/passwd')`,
    `SELECT * FROM glob('/*')`,
    `SELECT * FROM "/etc/passwd"`,
    `SELECT * FROM t2`,
    `SELECT * FROM main.t2`,
  ]) {
    const error: unknown = await query(session, sql).catch((thrown: unknown) => thrown)
    expect(error).toHaveProperty('sqlState')
  }
})
