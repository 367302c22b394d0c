import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestFile } from '../../../server/backup/files.ts'
import type { Manifest } from '../../../server/backup/manifest.ts'
import { readManifest, writeManifest } from '../../../server/backup/manifest.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'grantd-manifest-'))
  await mkdir(join(directory, 'store'))
  await writeFile(join(directory, 'store', 'a'), 'content')
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

const content = async (): Promise<Omit<Manifest, 'format' | 'version'>> => ({
  kind: 'Database',
  timestamp: '2026-11-25T02:05:37.123456Z',
  epoch: 7,
  files: [await digestFile(directory, 'store/a')],
  tables: [],
})

/** Writes a manifest as its author would, hash and all. */
async function forge(change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const given: unknown = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'))
  if (typeof given !== 'object' || given === null) throw new Error('an object')
  const text = JSON.stringify(change({ ...given }))
  await writeFile(join(directory, 'manifest.json'), text)
  const hash = createHash('sha256').update(text).digest('hex')
  await writeFile(join(directory, 'manifest.sha256'), `${hash}  manifest.json\n`)
}

test('reads what it wrote', async () => {
  await writeManifest(directory, await content())
  expect(await readManifest(directory)).toEqual({
    format: 'grantd backup',
    version: 1,
    ...(await content()),
  })
  expect((await content()).files).toEqual([
    {
      path: 'store/a',
      bytes: 7,
      sha256: 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73',
    },
  ])
})

describe('is refused', () => {
  beforeEach(async () => writeManifest(directory, await content()))

  test('when it is not there', async () => {
    await rm(join(directory, 'manifest.json'))
    await expect(readManifest(directory)).rejects.toThrow(
      'is not a backup: it has no manifest.json',
    )
    await expect(readManifest(join(directory, 'none'))).rejects.toThrow('is not a backup')
  })

  test('when it was changed', async () => {
    const path = join(directory, 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"epoch": 7', '"epoch": 8'))
    await expect(readManifest(directory)).rejects.toThrow('manifest.json is not as it was written')
  })

  test('of another version, and of another form', async () => {
    await forge((manifest) => ({ ...manifest, version: 2 }))
    await expect(readManifest(directory)).rejects.toThrow('the backup has version 2')
    await forge((manifest) => ({ ...manifest, version: 1, more: true }))
    await expect(readManifest(directory)).rejects.toThrow('of a version that this program knows')
  })

  test.each(['../../etc/passwd', '/etc/passwd', 'store/../../x', '', 'a//b', './a', 'a\\b'])(
    'with a path that leads out: %s',
    async (path) => {
      await forge((manifest) => ({
        ...manifest,
        files: [{ path, bytes: 0, sha256: '0'.repeat(64) }],
      }))
      await expect(readManifest(directory)).rejects.toThrow('of a version that this program knows')
    },
  )

  test('with a file too many, or too few', async () => {
    await writeFile(join(directory, 'more'), '')
    await expect(readManifest(directory)).rejects.toThrow('more is not one of its files')
    await rm(join(directory, 'more'))
    await rm(join(directory, 'store', 'a'))
    await expect(readManifest(directory)).rejects.toThrow('store/a is missing')
  })
})
