/** A copy of the catalog of one moment, while the catalog goes on. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Effect } from '../../acl/effect.ts'
import { foldName } from '../../acl/names.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/catalog.ts'
import { epoch, principalId } from '../../catalog/counters.ts'

let root: string
let catalog: Catalog
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'grantd-catalog-copy-'))
  catalog = openCatalog({ path: join(root, 'data', 'catalog.sqlite') })
})
afterEach(() => {
  catalog.close()
  rmSync(root, { recursive: true })
})

function commitUser(number: number): void {
  const name = `user ${number}`
  const effects: Effect[] = [
    {
      kind: 'PutPrincipal',
      principal: {
        id: principalId(number),
        kind: 'User',
        name,
        key: foldName(name),
        enabled: true,
        hasPassword: true,
        restTokens: [],
        externalAliases: [],
      },
    },
    {
      kind: 'SetPasswordHash',
      id: principalId(number),
      hash: `hash ${number} ${'x'.repeat(2000)}`,
    },
  ]
  catalog.commit({ epoch: epoch(number), effects, audit: [] })
}

const never = new AbortController().signal

function usersIn(copied: Catalog): number {
  return [...copied.load()].filter(({ kind }) => kind === 'PutPrincipal').length
}

test('is of its beginning, hashes included, and opens as a catalog', async () => {
  for (let number = 1; number <= 300; number += 1) commitUser(number)
  const copy = catalog.copy()
  commitUser(301)
  mkdirPrivate()
  const file = join(root, 'copied', 'catalog.sqlite')
  const writing = copy.writeTo(file, never)
  // Between two of its steps.
  await new Promise((resolve) => setImmediate(resolve))
  commitUser(302)
  catalog.allocateOid()
  await writing
  copy.close()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const copied = openCatalog({ path: file })
  expect(copied.epoch).toBe(300)
  expect(usersIn(copied)).toBe(300)
  expect(copied.passwordHash(principalId(300))).toMatch(/^hash 300 /)
  expect(copied.passwordHash(principalId(301))).toBeUndefined()
  copied.close()
  // The original goes on.
  commitUser(303)
  expect(catalog.epoch).toBe(303)
})

test('ends with the reason of an abort', async () => {
  for (let number = 1; number <= 300; number += 1) commitUser(number)
  const copy = catalog.copy()
  const cancellation = new AbortController()
  cancellation.abort(new RangeError('enough'))
  await expect(copy.writeTo(join(root, 'x.sqlite'), cancellation.signal)).rejects.toThrow('enough')
  copy.close()
  copy.close()
})

test('a place that cannot be written is an error', async () => {
  const copy = catalog.copy()
  await expect(copy.writeTo(join(root, 'none', 'x.sqlite'), never)).rejects.toThrow()
  copy.close()
})

function mkdirPrivate(): void {
  openCatalog({ path: join(root, 'copied', 'other.sqlite') }).close()
}
