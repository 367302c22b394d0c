/** A copy of the tables of one moment, in a file of its own, while others write. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failure } from '../e2e/failure.ts'
import { program, run, scalar } from './programs.ts'
import type { TestStore } from './test-store.ts'
import { openTestStore } from './test-store.ts'

let copies: string
let opened: TestStore
beforeEach(async () => {
  copies = await mkdtemp(join(tmpdir(), "grantd-copy'-"))
  opened = await openTestStore({ copyDirectories: [copies] })
})
afterEach(async () => {
  await opened.close()
  await rm(copies, { recursive: true, force: true })
})

async function change(
  sql: string,
  kind: 'PhysicalChange' | 'Insert' = 'PhysicalChange',
): Promise<void> {
  const session = opened.store.connect()
  await run(session, program(sql, { kind }))
  await session.close()
}

async function read(sql: string): Promise<readonly unknown[]> {
  const session = opened.store.connect()
  const { rows } = await run(session, program(sql, { columns: [scalar('text')] }))
  await session.close()
  return rows.texts.map(([value]) => value)
}

const rowsOf = (oid: number): string =>
  `SELECT "c1"::VARCHAR FROM ${opened.table(oid)} ORDER BY "c1"`

test('shows nothing that was committed after its beginning', async () => {
  await change(
    `CREATE TABLE ${opened.table(1)} ("c1" INTEGER NOT NULL, "c3" VARCHAR DEFAULT ('it''s'), ` +
      `PRIMARY KEY ("c1"), CHECK ("c1" > 0))`,
  )
  await change(`CREATE TABLE ${opened.table(2)} ("c1" INTEGER)`)
  // Of whatever name: nothing of the store's stays behind.
  const beside = opened.table(1).replace('t1', "t1 of '2024-01-01'")
  await change(`CREATE TABLE ${beside} ("c1" INTEGER)`)
  await change(`INSERT INTO ${beside} VALUES (42)`, 'Insert')
  await change(`INSERT INTO ${opened.table(1)} VALUES (1, 'a'), (2, NULL)`, 'Insert')
  const file = join(copies, 'copy.duckdb')
  const copy = await opened.store.beginCopy(file)
  await change(`INSERT INTO ${opened.table(1)} VALUES (3, 'c')`, 'Insert')
  await change(`DROP TABLE ${opened.table(2)}`)
  await change(`CREATE TABLE ${opened.table(4)} ("c1" INTEGER)`)
  expect(new Set(await copy.write())).toEqual(new Set([1, 2]))
  await copy.close()
  // Nothing but the file: its log was written into it.
  expect(await readdir(copies)).toEqual(['copy.duckdb'])

  await change(`CREATE TABLE ${opened.table(9)} ("c1" INTEGER, "c2" VARCHAR)`)
  const columns = [
    { from: 1, to: 1 },
    { from: 3, to: 2 },
  ]
  await opened.store.takeRows({ file, from: 1, to: 9, columns })
  expect(await read(rowsOf(9))).toEqual(['1', '2'])
  expect(await read(`SELECT "c2" FROM ${opened.table(9)} ORDER BY "c1"`)).toEqual(['a', null])

  // As a store it has the tables with their keys, conditions and defaults.
  await opened.close({ keepFiles: true })
  const restored = join(copies, 'restored')
  await mkdir(restored)
  await rename(file, join(restored, 'store.duckdb'))
  opened = await openTestStore({ copyDirectories: [copies] }, restored)
  expect(await read(rowsOf(1))).toEqual(['1', '2'])
  expect(await read(`SELECT "c1"::VARCHAR FROM ${beside}`)).toEqual(['42'])
  await change(`INSERT INTO ${opened.table(1)} ("c1") VALUES (7)`, 'Insert')
  expect(await read(`SELECT "c3" FROM ${opened.table(1)} WHERE "c1" = 7`)).toEqual(["it's"])
  const again = change(`INSERT INTO ${opened.table(1)} ("c1") VALUES (7)`, 'Insert')
  expect(await failure(again)).toMatchObject({ message: expect.stringContaining('duplicate') })
  const negative = change(`INSERT INTO ${opened.table(1)} ("c1") VALUES (-7)`, 'Insert')
  expect(await failure(negative)).toMatchObject({ message: expect.stringContaining('check') })
})

test('takes only the tables that were asked for', async () => {
  await change(`CREATE TABLE ${opened.table(1)} ("c1" INTEGER)`)
  await change(`CREATE TABLE ${opened.table(2)} ("c1" INTEGER)`)
  const copy = await opened.store.beginCopy(join(copies, 'copy.duckdb'))
  expect(await copy.write([2, 5])).toEqual([2])
  await copy.close()
  await copy.close()
})

test('may not be written elsewhere, and the next one may', async () => {
  await change(`CREATE TABLE ${opened.table(1)} ("c1" INTEGER)`)
  const elsewhere = opened.store.beginCopy(join(opened.directory, 'copy.duckdb'))
  await expect(elsewhere).rejects.toMatchObject({ sqlState: '58030' })
  const nowhere = opened.store.beginCopy(join(copies, 'none', 'copy.duckdb'))
  await expect(nowhere).rejects.toMatchObject({ sqlState: '58030' })
  const copy = await opened.store.beginCopy(join(copies, 'copy.duckdb'))
  expect(await copy.write()).toEqual([1])
  await copy.close()
})

test('ends with 57014 when it is cancelled', async () => {
  await change(`CREATE TABLE ${opened.table(1)} ("c1" BIGINT, "c2" VARCHAR)`)
  await change(
    `INSERT INTO ${opened.table(1)} SELECT i, 'row ' || i FROM range(3000000) AS r(i)`,
    'Insert',
  )
  const copy = await opened.store.beginCopy(join(copies, 'copy.duckdb'))
  const writing = expect(copy.write()).rejects.toMatchObject({ sqlState: '57014' })
  copy.cancel()
  await writing
  await copy.close()
  expect(await read(`SELECT count(*)::VARCHAR FROM ${opened.table(1)}`)).toEqual(['3000000'])
})
