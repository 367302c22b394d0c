import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyFileDurably, digestFile, filesBelow, linkFiles } from '../../../server/backup/files.ts'
import { identityOf } from '../../../server/backup/identity.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'grantd-files-'))
  await mkdir(join(directory, 'from', 'detached', '7'), { recursive: true })
  await writeFile(join(directory, 'from', 'detached', '7', 'day.1'), 'rows')
  await writeFile(join(directory, 'from', 'other'), '')
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

test('linked files stay when their first names go', async () => {
  await linkFiles(join(directory, 'from'), join(directory, 'held'))
  await rm(join(directory, 'from'), { recursive: true })
  expect(await filesBelow(join(directory, 'held'))).toEqual(['detached/7/day.1', 'other'])
  expect(await readFile(join(directory, 'held', 'detached', '7', 'day.1'), 'utf8')).toBe('rows')
})

test('of a folder that is not there, there are none', async () => {
  expect(await filesBelow(join(directory, 'none'))).toEqual([])
  await linkFiles(join(directory, 'none'), join(directory, 'held'))
  expect(await filesBelow(join(directory, 'held'))).toEqual([])
})

test('a copy is private, measured on the way, and never over another file', async () => {
  const from = { directory: join(directory, 'from'), path: 'detached/7/day.1' }
  const to = { directory: join(directory, 'to'), path: 'a/b' }
  const digest = await copyFileDurably(from, to)
  expect(digest).toEqual(await digestFile(to.directory, to.path))
  expect(digest).toMatchObject({ path: 'a/b', bytes: 4 })
  expect((await stat(join(directory, 'to', 'a', 'b'))).mode & 0o777).toBe(0o600)
  await expect(copyFileDurably(from, to)).rejects.toMatchObject({ code: 'EEXIST' })
})

test('a data file that was made anew is another one', async () => {
  expect(await identityOf(directory)).toBeUndefined()
  await mkdir(join(directory, 'store'))
  const file = join(directory, 'store', 'store.duckdb')
  await writeFile(file, '1')
  const first = await identityOf(directory)
  await writeFile(file, '2')
  expect(await identityOf(directory)).toBe(first)
  await rm(file)
  await writeFile(file, '1')
  expect(await identityOf(directory)).not.toBe(first)
})
