/** CHECKPOINT CREATE and RELEASE, SNAPSHOT PREPARE and COMPLETE: a copied data.dir goes back to the moment of CREATE. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let work: string
const running: Grantd[] = []
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'grantd-checkpoint-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((grantd) => grantd.stop()))
  await rm(work, { recursive: true, force: true })
})

async function start(name: string): Promise<Grantd> {
  const grantd = await startGrantd({ dataDir: join(work, name) })
  running.push(grantd)
  return grantd
}

async function rows(client: Client, sql: string): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows
}

/** What an operator's tool does, without waiting for anybody: files that go while it looks are gone. */
async function copyWhileWritten(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: (source) =>
      stat(source).then(
        () => !source.includes('/store/spill'),
        () => false,
      ),
  })
}

test('a folder copied while others write starts from the moment of CREATE', async () => {
  const grantd = await start('first')
  const client = await connect(grantd, admin)
  await client.query('CREATE TABLE t (a bigint)')
  await client.query('INSERT INTO t SELECT i FROM generate_series(1, 50000) AS g(i)')
  await client.query(`CREATE USER u WITH PASSWORD 'of the moment'`)
  await client.query('GRANT SELECT ON t TO u')
  await client.query('GRANT PGWIRE TO u')
  expect(await rows(client, 'SELECT * FROM checkpoint_status()')).toEqual([[false, null]])
  expect((await client.query('CHECKPOINT CREATE')).command).toBe('CHECKPOINT')
  expect(
    await rows(client, 'SELECT in_progress, started_at <= now() FROM checkpoint_status()'),
  ).toEqual([[true, true]])
  // Writers do not wait.
  const load = { isOver: false }
  const other = await connect(grantd, admin)
  const writing = (async () => {
    let n = 0
    for (; !load.isOver; n += 1) {
      await other.query(`INSERT INTO t SELECT -i FROM generate_series(1, 1000) AS g(i)`)
      await other.query(`CREATE TABLE later_${n} (a int); CREATE USER later_${n}`)
      await other.query(`ALTER USER u WITH PASSWORD 'another ${n}'`)
    }
    return n
  })()
  await other.query('SELECT 1')
  await copyWhileWritten(grantd.dataDir, join(work, 'copy'))
  load.isOver = true
  expect(await writing).toBeGreaterThan(0)
  expect(await failure(client.query('CHECKPOINT CREATE'))).toMatchObject({
    code: '55000',
    message: 'Waiting for CHECKPOINT RELEASE to be called',
  })
  await client.query('CHECKPOINT RELEASE')
  expect(await rows(client, 'SELECT in_progress FROM checkpoint_status()')).toEqual([[false]])
  expect(await readdir(grantd.dataDir)).not.toContain('checkpoint')
  // Nothing to release is nothing to do.
  await client.query('CHECKPOINT RELEASE')
  await client.end()
  await other.end()
  await grantd.stop()

  // The copied files beside the checkpoint may be torn, so that nobody starts on them by mistake.
  await expect(start('copy')).rejects.toThrow('nothing says whether to go back to it')
  await writeFile(join(work, 'copy', '_restore'), '')
  const copy = await start('copy')
  const restored = await connect(copy, admin)
  expect(await rows(restored, 'SELECT count(*), min(a) FROM t')).toEqual([['50000', '1']])
  expect(await rows(restored, 'SHOW TABLES')).toEqual([['t']])
  expect(await rows(restored, 'SHOW USERS')).toEqual([['admin'], ['u']])
  await restored.query('INSERT INTO t VALUES (0)')
  await restored.end()
  const user = await connect(copy, { user: 'u', password: 'of the moment' })
  expect(await rows(user, 'SELECT count(*) FROM t')).toEqual([['50001']])
  await user.end()
  const names = await readdir(join(work, 'copy'))
  expect(names.filter((name) => ['_restore', 'checkpoint'].includes(name))).toEqual([])
  // Once: the next start goes on from there.
  await copy.stop()
  const again = await start('copy')
  const client2 = await connect(again, admin)
  expect(await rows(client2, 'SELECT count(*) FROM t')).toEqual([['50001']])
  await client2.end()
}, 240_000)

test('a server that ends with a checkpoint goes on with its own files, without it', async () => {
  const grantd = await start('first')
  const client = await connect(grantd, admin)
  await client.query('CREATE TABLE t (a int)')
  await client.query('SNAPSHOT PREPARE')
  await client.query('INSERT INTO t VALUES (1)')
  await client.end()
  await grantd.kill()
  const again = await start('first')
  const other = await connect(again, admin)
  expect(await rows(other, 'SELECT a FROM t')).toEqual([[1]])
  expect(await rows(other, 'SELECT in_progress FROM checkpoint_status()')).toEqual([[false]])
  expect(await readdir(again.dataDir)).not.toContain('checkpoint')
  expect((await other.query('SNAPSHOT PREPARE')).command).toBe('SNAPSHOT')
  expect((await other.query('SNAPSHOT COMPLETE')).command).toBe('SNAPSHOT')
  await other.end()
}, 120_000)

test('a damaged checkpoint is not gone back to, and the files beside it are left', async () => {
  const grantd = await start('first')
  const client = await connect(grantd, admin)
  await client.query('CREATE TABLE t (a int)')
  await client.query('CHECKPOINT CREATE')
  await client.end()
  await copyWhileWritten(grantd.dataDir, join(work, 'copy'))
  await grantd.stop()
  await writeFile(join(work, 'copy', '_restore'), '')
  await writeFile(join(work, 'copy', 'checkpoint', 'catalog.sqlite'), 'not a catalog')
  const before = await readdir(join(work, 'copy', 'store'))
  await expect(start('copy')).rejects.toThrow('catalog.sqlite is not as it was written')
  expect(await readdir(join(work, 'copy', 'store'))).toEqual(before)
  expect(await readdir(join(work, 'copy'))).toContain('_restore')
  await rm(join(work, 'copy', 'checkpoint'), { recursive: true })
  await expect(start('copy')).rejects.toThrow('no folder checkpoint')
}, 120_000)
