import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import type { Effect } from '../../acl/effect.ts'
import { foldName, relationKey } from '../../acl/names.ts'
import { openCatalog } from '../../catalog/catalog.ts'
import { epoch, oid, principalId } from '../../catalog/counters.ts'
import { latestVersion } from '../../catalog/migrations/migrations.ts'

jest.setTimeout(30_000)

let directory = ''
let path = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-damage-'))
  path = join(directory, 'catalog.sqlite')
  makeCatalog()
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

/** A catalog with some pages of content. */
function makeCatalog(): void {
  const catalog = openCatalog({ path })
  const effects = Array.from({ length: 60 }, (_, index): Effect => {
    const name = `user${index}`
    return {
      kind: 'PutPrincipal',
      principal: {
        id: principalId(index + 1),
        kind: 'User',
        name,
        key: foldName(name),
        enabled: true,
        hasPassword: false,
        jwk: { x: 'x'.repeat(43), y: 'y'.repeat(43) },
        restTokens: [],
        externalAliases: [`alias ${index}`],
      },
    }
  })
  const words = { schema: 'public', name: 'trades' }
  const columns = Array.from({ length: 40 }, (_, index) => ({
    attnum: index + 1,
    name: `c${index}`,
    key: foldName(`c${index}`),
    type: { kind: 'Scalar', name: 'text' } as const,
    declaredType: 'text',
    notNull: false,
    hasDefault: false,
  }))
  const relation = {
    kind: 'Table' as const,
    oid: oid(16_384),
    key: relationKey(words),
    ...words,
    columns,
    wal: true,
    dedupKeys: [],
    constraints: [],
    nextAttnum: 41,
  }
  const put: Effect = { kind: 'PutRelation', relation }
  catalog.commit({ epoch: epoch(1), effects: [...effects, put], audit: [] })
  catalog.close()
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Every file of the catalog, by name and content. */
function files(): ReadonlyMap<string, string> {
  const names = readdirSync(directory).filter((name) => name.startsWith('catalog.sqlite'))
  return new Map(
    names
      // Shared memory is SQLite's index of the log, made anew whenever it is needed.
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, digest(readFileSync(join(directory, name)))]),
  )
}

/** That the file is reported, in words that name it, and is left as it was. */
function expectReport(expected: { readonly sqlState: string; readonly message: string }): void {
  const before = files()
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(() => openCatalog({ path })).toThrow(
      expect.objectContaining({
        severity: 'FATAL',
        sqlState: expected.sqlState,
        message: expect.stringContaining(expected.message),
      }),
    )
    expect(files()).toEqual(before)
  }
}

function changeDatabase(sql: string): void {
  const database = new Database(path)
  database.unsafeMode(true)
  database.exec(sql)
  database.close()
}

describe('a damaged catalog is reported and left as it is', () => {
  test.each([
    ['an empty file', () => writeFileSync(path, ''), 'it ends after 0 bytes'],
    ['a text', () => writeFileSync(path, 'x'.repeat(5000)), 'it is not an SQLite database'],
    ['a file cut off in its header', () => truncateSync(path, 50), 'it ends after 50 bytes'],
    ['a file cut off in its first page', () => truncateSync(path, 200), 'is damaged'],
    ['a file without its last pages', () => truncateSync(path, 4096 * 5), 'is damaged'],
    [
      'another program’s database',
      () => changeDatabase('PRAGMA application_id = 1'),
      'it is not a catalog of grantd',
    ],
    [
      'a database without a version',
      () => changeDatabase('PRAGMA user_version = 0'),
      'it has no version',
    ],
    ['a table that is missing', () => changeDatabase('DROP TABLE links'), 'is damaged'],
    ['a counter that is missing', () => changeDatabase('DELETE FROM counters'), 'is damaged'],
    [
      'a reference to nobody',
      () => changeDatabase('PRAGMA foreign_keys = OFF; INSERT INTO memberships VALUES (998, 999)'),
      'refers to a principal that is not there',
    ],
    [
      'a prepared transaction that is none',
      () => changeDatabase(`INSERT INTO prepared_transactions VALUES (1, '{"epoch":2}')`),
      'is damaged',
    ],
  ])('%s', (_, damage, message) => {
    damage()
    expectReport({ sqlState: 'XX001', message })
  })

  test('a write-ahead log without its file', () => {
    rmSync(path)
    writeFileSync(`${path}-wal`, 'something')
    expectReport({ sqlState: 'XX001', message: 'the file is missing' })
    expect(existsSync(path)).toBe(false)
  })

  test('a relation that does not read back, when it is loaded', () => {
    changeDatabase(`UPDATE relations SET document = '{"kind":"Table"}'`)
    const catalog = openCatalog({ path })
    expect(() => [...catalog.load()]).toThrow(expect.objectContaining({ sqlState: 'XX001' }))
    catalog.close()
  })

  test('with a log beside it: the log is neither merged nor removed', () => {
    // A second connection keeps the log from being merged, as a crash would.
    const copy = `${path}.copy`
    const catalog = openCatalog({ path })
    catalog.commit({ epoch: epoch(2), effects: [], audit: [] })
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    catalog.close()
    rmSync(path)
    copyFileSync(copy, path)
    copyFileSync(`${copy}-wal`, `${path}-wal`)
    truncateSync(path, 4096 * 5)
    expectReport({ sqlState: 'XX001', message: 'is damaged' })
  })
})

test('a catalog of a newer program is refused and left as it is', () => {
  changeDatabase(`PRAGMA user_version = ${latestVersion + 1}`)
  expectReport({
    sqlState: '55000',
    message: `was written by a newer grantd: it has version ${latestVersion + 1}`,
  })
})

test('bytes that change anywhere give a report or a catalog, never anything else', () => {
  const original = readFileSync(path)
  const patch = fc.record({
    at: fc.integer({ min: 0, max: original.length - 64 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  })
  const damage = fc.record({
    patches: fc.array(patch, { maxLength: 4 }),
    length: fc.oneof(fc.constant(original.length), fc.integer({ min: 0, max: original.length })),
  })
  fc.assert(
    fc.property(damage, ({ patches, length }) => {
      const damaged = Buffer.from(original)
      for (const { at, bytes } of patches) damaged.set(bytes, at)
      for (const name of ['-wal', '-shm']) rmSync(path + name, { force: true })
      writeFileSync(path, damaged.subarray(0, length))
      const before = files()
      try {
        const catalog = openCatalog({ path })
        try {
          for (const effect of catalog.load()) expect(effect).toHaveProperty('kind')
        } finally {
          catalog.close()
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'SqlError' })
        if (Object(error).hint !== undefined) expect(files()).toEqual(before)
      }
    }),
    { numRuns: 80 },
  )
})
