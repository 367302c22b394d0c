import { mkdtempSync, statSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openDataDirectory } from '../../store/data-directory.ts'
import { openStore } from '../../store/open-store.ts'
import { program, query, run } from './programs.ts'
import { databaseAlias, openTestStore } from './test-store.ts'

test('tables are there after a store was closed and opened again', async () => {
  const first = await openTestStore()
  const session = first.store.connect()
  await run(
    session,
    program(`CREATE TABLE ${first.table(1)} AS SELECT 42 AS c1`, { kind: 'PhysicalChange' }),
  )
  await session.close()
  await first.close({ keepFiles: true })
  // The engine has written everything into the data file.
  expect(() => statSync(join(first.directory, 'store.duckdb.wal'))).toThrow()
  const second = await openTestStore({}, first.directory)
  expect(await query(second.store.connect(), `SELECT c1 FROM ${second.table(1)}`)).toEqual([['42']])
  await second.close()
}, 60_000)

test('the directory and what is in it is private', async () => {
  const opened = await openTestStore()
  for (const path of ['', 'spill', 'empty']) {
    expect(statSync(join(opened.directory, path)).mode & 0o777).toBe(0o700)
  }
  await opened.close()
}, 60_000)

test('a directory is opened once, by whatever name', () => {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-store-'))
  const other = `${directory}-link`
  symlinkSync(directory, other)
  const first = openDataDirectory(directory)
  expect(() => openDataDirectory(other)).toThrow(/open in this process already/)
  first.release()
  openDataDirectory(other).release()
})

test('a data file that is none is reported and left alone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-store-'))
  const file = join(directory, 'store.duckdb')
  writeFileSync(file, 'something else')
  await expect(openStore({ directory, databaseAlias })).rejects.toThrow(/not a valid DuckDB/)
  expect(readFileSync(file, 'utf8')).toBe('something else')
}, 60_000)
