import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import type { AuditRecord, Commit, Effect, Entry, Principal } from '../../acl/effect.ts'
import type { AccessModel } from '../../acl/model.ts'
import { applyEffect, emptyModel } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'
import { permissionNamed } from '../../acl/permission-registry.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/catalog.ts'
import { epoch, principalId } from '../../catalog/counters.ts'
import { commits } from './effects.ts'

// Each commit waits for the disk.
jest.setTimeout(30_000)

let root = ''
let path = ''
const opened: Catalog[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'grantd-catalog-'))
  path = join(root, 'data', 'catalog.sqlite')
})

afterEach(() => {
  for (const catalog of opened.splice(0)) catalog.close()
  rmSync(root, { recursive: true })
})

function open(file = path): Catalog {
  const catalog = openCatalog({ path: file })
  opened.push(catalog)
  return catalog
}

function reopen(): Catalog {
  opened.pop()?.close()
  return open()
}

function user(id: number, name: string, more: Partial<Principal> = {}): Effect {
  const principal = {
    id: principalId(id),
    kind: 'User' as const,
    name,
    key: foldName(name),
    enabled: true,
    hasPassword: false,
    restTokens: [],
    externalAliases: [],
    ...more,
  }
  return { kind: 'PutPrincipal', principal }
}

const record: AuditRecord = {
  atMicros: 1_764_000_000_123_456n,
  loginPrincipal: 'admin',
  effectivePrincipal: 'admin',
  action: 'CREATE USER',
  statement: "CREATE USER alice WITH PASSWORD '***'",
}

function commitOf(number: number, effects: readonly Effect[], audit = [record]): Commit {
  return { epoch: epoch(number), effects, audit }
}

function modelOf(effects: Iterable<Effect>): AccessModel {
  let model = emptyModel({ adminName: 'admin', adminEnabled: true, nameLengthMax: 255 })
  for (const effect of effects) model = applyEffect(model, effect)
  return model
}

/** A model without its caches and the order in which things came. */
function contentOf(model: AccessModel): unknown {
  return {
    principals: model.principals,
    ids: model.ids,
    groupsOf: model.groupsOf.filter((ids) => ids.size > 0),
    membersOf: model.membersOf.filter((ids) => ids.size > 0),
    entries: model.entries,
    links: model.links.filter((links) => links.size > 0),
    relations: model.schema.relations(),
  }
}

describe('load', () => {
  test('gives nothing for a new catalog', () => {
    const catalog = open()
    expect([...catalog.load()]).toEqual([])
    expect([catalog.epoch, catalog.isNew]).toEqual([0, true])
  })

  test('gives back the model that the commits made, whatever they were', () => {
    fc.assert(
      fc.property(commits, (lists) => {
        const file = join(root, crypto.randomUUID(), 'catalog.sqlite')
        const catalog = openCatalog({ path: file })
        for (const [index, effects] of lists.entries()) {
          catalog.commit(commitOf(index + 1, effects))
        }
        catalog.close()
        const again = openCatalog({ path: file })
        const reloaded = modelOf(again.load())
        expect(again.epoch).toBe(lists.length)
        again.close()
        expect(contentOf(reloaded)).toEqual(contentOf(modelOf(lists.flat())))
      }),
      { numRuns: 25 },
    )
  })

  test('gives the effects of prepared transactions the same way', () => {
    fc.assert(
      fc.property(commits, (lists) => {
        const file = join(root, crypto.randomUUID(), 'catalog.sqlite')
        let catalog = openCatalog({ path: file })
        for (const [index, effects] of lists.entries()) {
          const number = catalog.nextTransactionNumber()
          catalog.prepare(number, commitOf(index + 1, effects))
          catalog.close()
          catalog = openCatalog({ path: file })
          expect(catalog.openTransactions()).toEqual([
            { transactionNumber: number, commit: commitOf(index + 1, effects) },
          ])
          catalog.complete(number)
        }
        const reloaded = modelOf(catalog.load())
        catalog.close()
        expect(contentOf(reloaded)).toEqual(contentOf(modelOf(lists.flat())))
      }),
      { numRuns: 10 },
    )
  })
})

describe('commit', () => {
  test('stores effects, record and epoch together', () => {
    const effects = [user(1, 'alice')]
    open().commit(commitOf(1, effects))
    const catalog = reopen()
    expect([...catalog.load()]).toEqual(effects)
    expect([catalog.epoch, catalog.isNew]).toEqual([1, false])
    expect([...catalog.accessLog()]).toEqual([{ ...record, id: 1, epoch: 1 }])
  })

  test('the newest records are read back from a number, long statements cut', () => {
    const catalog = open()
    const statements = ['one', 'two', 'x'.repeat(10_000), 'four']
    const audit = statements.map((statement) => ({ ...record, statement }))
    catalog.commit({ ...commitOf(1, []), audit })
    const read = (count: number, before?: number): readonly (string | number)[][] =>
      catalog
        .newestAuditRecords({ count, before })
        .map(({ id, statement }) => [id, statement.length])
    expect(read(10)).toEqual([
      [1, 3],
      [2, 3],
      [3, 8195],
      [4, 4],
    ])
    expect(read(2)).toEqual([
      [3, 8195],
      [4, 4],
    ])
    expect(read(2, 3)).toEqual([
      [1, 3],
      [2, 3],
    ])
    expect(read(2, 1)).toEqual([])
  })

  test('more records than fit into memory are refused, and read in smaller pages', () => {
    const catalog = open()
    const long = { ...record, statement: 'x'.repeat(8192) }
    catalog.commit({ ...commitOf(1, []), audit: Array.from({ length: 2100 }, () => long) })
    expect(() => catalog.newestAuditRecords({ count: 2100, before: undefined })).toThrow(
      'these records are too long to be read at once',
    )
    expect(catalog.newestAuditRecords({ count: 1000, before: undefined })).toHaveLength(1000)
  })

  test('leaves nothing of itself when one of its effects fails', () => {
    const catalog = open()
    catalog.commit(commitOf(1, [user(1, 'alice')]))
    const failing = commitOf(2, [user(2, 'bob'), user(3, 'Alice')])
    expect(() => catalog.commit(failing)).toThrow('UNIQUE constraint failed: principals.key')
    expect(catalog.epoch).toBe(1)
    catalog.commit(commitOf(2, [user(2, 'carol')]))
    const again = reopen()
    expect([...again.load()]).toEqual([user(1, 'alice'), user(2, 'carol')])
    expect([...again.accessLog()]).toHaveLength(2)
  })

  test.each([0, 1, 3, -1])('with epoch %d after 1 is refused', (number) => {
    const catalog = open()
    catalog.commit(commitOf(1, []))
    expect(() => catalog.commit(commitOf(number, [user(1, 'alice')]))).toThrow('next epoch')
    expect([...catalog.load()]).toEqual([])
  })

  test('of a principal that others refer to fails unless they go in the same commit', () => {
    const catalog = open()
    const [member, group] = [principalId(1), principalId(2)]
    const membership = { user: member, group } as const
    catalog.commit(
      commitOf(1, [
        user(1, 'alice'),
        user(2, 'staff', { kind: 'Group' }),
        { kind: 'PutMembership', ...membership },
      ]),
    )
    const drop: Effect = { kind: 'DeletePrincipal', id: group }
    expect(() => catalog.commit(commitOf(2, [drop]))).toThrow('FOREIGN KEY constraint failed')
    catalog.commit(commitOf(2, [drop, { kind: 'DeleteMembership', ...membership }]))
    expect([...catalog.load()]).toEqual([user(1, 'alice')])
  })

  test.each<Effect>([
    { kind: 'DeletePrincipal', id: principalId(9) },
    { kind: 'DeleteMembership', user: principalId(9), group: principalId(9) },
    { kind: 'DeleteLink', grantee: foldName('x'), account: principalId(9) },
  ])('of $kind for what is not there is a bug that shows', (effect) => {
    expect(() => open().commit(commitOf(1, [effect]))).toThrow('invariant violated')
  })
})

describe('password hashes', () => {
  const id = principalId(1)
  const set = (hash?: string): Effect => ({
    kind: 'SetPasswordHash',
    id,
    ...(hash === undefined ? {} : { hash }),
  })

  test('are read one by one and tell the model only that there is one', () => {
    const catalog = open()
    catalog.commit(commitOf(1, [user(1, 'alice'), set('$argon2id$1')]))
    expect(catalog.passwordHash(id)).toBe('$argon2id$1')
    expect(catalog.passwordHash(principalId(2))).toBeUndefined()
    expect([...catalog.load()]).toEqual([user(1, 'alice', { hasPassword: true })])
    catalog.commit(commitOf(2, [set('$argon2id$2')]))
    expect(catalog.passwordHash(id)).toBe('$argon2id$2')
    catalog.commit(commitOf(3, [set()]))
    expect(catalog.passwordHash(id)).toBeUndefined()
    expect([...catalog.load()]).toEqual([user(1, 'alice')])
  })

  test('go with the principal and stay when it is altered', () => {
    const catalog = open()
    catalog.commit(commitOf(1, [user(1, 'alice'), set('$argon2id$1')]))
    catalog.commit(commitOf(2, [user(1, 'alice', { enabled: false, hasPassword: true })]))
    expect(catalog.passwordHash(id)).toBe('$argon2id$1')
    catalog.commit(commitOf(3, [{ kind: 'DeletePrincipal', id }]))
    expect(catalog.passwordHash(id)).toBeUndefined()
  })
})

describe('the access log', () => {
  test('is read from the oldest on, however long it is', () => {
    const catalog = open()
    const audit = Array.from({ length: 600 }, (_, index) => ({ ...record, action: String(index) }))
    catalog.commit(commitOf(1, [], audit))
    expect([...catalog.accessLog()].map(({ action }) => action)).toEqual(
      audit.map(({ action }) => action),
    )
  })

  test.each([
    ['UPDATE', "UPDATE access_log SET action = 'x'"],
    ['DELETE', 'DELETE FROM access_log'],
    ['REPLACE', "INSERT OR REPLACE INTO access_log VALUES (1, 1, 1, 'x', 'x', 'x', 'x')"],
  ])('refuses %s', (_, sql) => {
    open().commit(commitOf(1, []))
    opened.pop()?.close()
    const database = new Database(path)
    expect(() => database.exec(sql)).toThrow('the access log is append-only')
    database.close()
    expect([...open().accessLog()]).toEqual([{ ...record, id: 1, epoch: 1 }])
  })
})

describe('numbers', () => {
  test('are never given out again, by this process or the next', () => {
    const seen = new Set<number>()
    let count = 0
    for (let start = 0; start < 3; start += 1) {
      const catalog = start === 0 ? open() : reopen()
      for (let index = 0; index < 100; index += 1) {
        seen.add(catalog.allocateOid())
        count += 1
      }
    }
    expect(seen.size).toBe(count)
    expect(Math.min(...seen)).toBe(16_384)
  })

  test('of principals and transactions begin at 1', () => {
    const catalog = open()
    expect([catalog.allocatePrincipalId(), catalog.allocatePrincipalId()]).toEqual([1, 2])
    expect([catalog.nextTransactionNumber(), catalog.nextTransactionNumber()]).toEqual([1, 2])
  })
})

describe('a prepared transaction', () => {
  const commit = commitOf(1, [user(1, 'alice')])

  test('is open until it is completed, over a restart too', () => {
    open().prepare(7, commit)
    const catalog = reopen()
    expect(catalog.openTransactions()).toEqual([{ transactionNumber: 7, commit }])
    expect([[...catalog.load()], catalog.epoch, catalog.isNew]).toEqual([[], 0, false])
    catalog.complete(7)
    expect([catalog.openTransactions(), catalog.epoch]).toEqual([[], 1])
    const again = reopen()
    expect([...again.load()]).toEqual(commit.effects)
    expect([...again.accessLog()]).toHaveLength(1)
    expect(again.openTransactions()).toEqual([])
  })

  test('that is forgotten leaves nothing', () => {
    const catalog = open()
    catalog.prepare(7, commit)
    catalog.forget(7)
    catalog.commit(commitOf(1, [user(2, 'bob')]))
    const again = reopen()
    expect([...again.load()]).toEqual([user(2, 'bob')])
    expect(again.openTransactions()).toEqual([])
  })

  test('holds its place: nothing else is committed or prepared before it ends', () => {
    const catalog = open()
    catalog.prepare(7, commit)
    expect(() => catalog.commit(commit)).toThrow('no prepared transaction is open')
    expect(() => catalog.prepare(8, commit)).toThrow('one transaction is prepared at a time')
  })

  test('that could not be completed is refused at once, and leaves nothing', () => {
    const catalog = open()
    const failing = commitOf(1, [user(1, 'alice'), user(2, 'ALICE')])
    expect(() => catalog.prepare(7, failing)).toThrow('UNIQUE constraint failed')
    expect(() => catalog.prepare(7, commitOf(2, []))).toThrow('next epoch')
    expect(reopen().openTransactions()).toEqual([])
  })

  test.each(['complete', 'forget'] as const)('that was never prepared cannot %s', (method) => {
    expect(() => open()[method](7)).toThrow('was prepared')
  })
})

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}

describe('files', () => {
  test('and their directory are for the server alone', () => {
    open().commit(commitOf(1, []))
    expect(modeOf(join(root, 'data'))).toBe(0o700)
    for (const name of [
      'catalog.sqlite',
      'catalog.sqlite-wal',
      'catalog.sqlite-shm',
      'grantd.lock',
    ]) {
      expect([name, modeOf(join(root, 'data', name))]).toEqual([name, 0o600])
    }
  })

  test('that were opened up are closed again', () => {
    open().close()
    opened.pop()
    chmodSync(path, 0o644)
    open()
    expect(modeOf(path)).toBe(0o600)
  })

  test('an empty directory becomes private, one with other things in it keeps its mode', () => {
    mkdirSync(join(root, 'data'), { mode: 0o755 })
    open()
    expect(modeOf(join(root, 'data'))).toBe(0o700)
    mkdirSync(join(root, 'shared'), { mode: 0o755 })
    writeFileSync(join(root, 'shared', 'other'), '')
    open(join(root, 'shared', 'catalog.sqlite'))
    expect(modeOf(join(root, 'shared'))).toBe(0o755)
  })

  test('a data directory that is a file is refused', () => {
    writeFileSync(join(root, 'data'), '')
    expect(() => open()).toThrow(expect.objectContaining({ sqlState: '58030', severity: 'FATAL' }))
  })

  test('a data directory is used by one server at a time', () => {
    open()
    expect(() => openCatalog({ path })).toThrow(
      expect.objectContaining({
        sqlState: 'F0001',
        severity: 'FATAL',
        message: `data directory "${join(root, 'data')}" is in use by another grantd`,
      }),
    )
    reopen()
  })
})

test('an entry put again replaces the one before', () => {
  const catalog = open()
  const entry: Entry = {
    grantee: foldName('alice'),
    granteeName: 'alice',
    permission: selectPermission(),
    scope: { kind: 'Database' },
    grantOption: false,
  }
  const again = { ...entry, granteeName: 'Alice', grantOption: true }
  catalog.commit(commitOf(1, [{ kind: 'PutEntry', entry }]))
  catalog.commit(commitOf(2, [{ kind: 'PutEntry', entry: again }]))
  expect([...catalog.load()]).toEqual([{ kind: 'PutEntry', entry: again }])
})

function selectPermission(): Entry['permission'] {
  const permission = permissionNamed('SELECT')
  if (permission === undefined) throw new Error('the registry has SELECT')
  return permission
}
