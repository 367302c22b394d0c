/** One commit point over both files (docs/decisions/0004), with an engine that fails where it is told to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal } from '../../../acl/effect.ts'
import type { AccessModel } from '../../../acl/model.ts'
import { applyEffects, emptyModel, principalNamed, withEpoch } from '../../../acl/model.ts'
import { foldName } from '../../../acl/names.ts'
import type { Catalog } from '../../../catalog/catalog.ts'
import { openCatalog } from '../../../catalog/catalog.ts'
import { createLogger } from '../../../server/log.ts'
import type { CommitRequest, Replayed } from '../../../server/session/committer.ts'
import { Committer } from '../../../server/session/committer.ts'

let directory: string
let catalog: Catalog
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-committer-'))
  catalog = openCatalog({ path: join(directory, 'catalog.sqlite') })
})
afterEach(() => {
  catalog.close()
  rmSync(directory, { recursive: true, force: true })
})

const empty = emptyModel({ adminName: 'admin', adminEnabled: true, nameLengthMax: 255 })

/** A transaction that makes a group of that name. */
function making(name: string): (newest: AccessModel) => Replayed {
  const principal: Principal = {
    id: catalog.allocatePrincipalId(),
    kind: 'Group',
    name,
    key: foldName(name),
    enabled: true,
    hasPassword: false,
    restTokens: [],
    externalAliases: [],
  }
  const effects = [{ kind: 'PutPrincipal', principal } as const]
  const audit = [
    {
      atMicros: 0n,
      loginPrincipal: 'admin',
      effectivePrincipal: 'admin',
      action: 'CREATE GROUP',
      statement: `CREATE GROUP ${name}`,
    },
  ]
  return (newest) => ({ model: applyEffects(newest, effects), effects, audit })
}

/** The engine's side of a commit: how its COMMIT ends, and what its own table says afterwards. */
interface EngineScript {
  readonly commit: () => Promise<void>
  readonly hasCommitted: () => Promise<boolean>
}

function committer(script: EngineScript): {
  readonly committer: Committer
  readonly undecided: unknown[]
  readonly engine: NonNullable<CommitRequest['engine']>
} {
  const undecided: unknown[] = []
  return {
    committer: new Committer({
      model: withEpoch(empty, catalog.epoch),
      catalog,
      store: { hasCommitted: script.hasCommitted },
      logger: createLogger('silent'),
      onUndecided: (error) => undecided.push(error),
    }),
    undecided,
    engine: { commit: script.commit },
  }
}

const never: EngineScript['hasCommitted'] = () => Promise.reject(new Error('nobody asks'))
const works: EngineScript = { commit: () => Promise.resolve(), hasCommitted: never }

/** Names of the groups that a server started on this catalog would know. */
function remembered(): readonly string[] {
  const model = applyEffects(empty, catalog.load())
  return [...model.principals.values()].map(({ name }) => name)
}

describe('a commit', () => {
  test('of access alone is in the catalog before it is published', async () => {
    const { committer: line } = committer(works)
    await line.commit({ replay: making('a') })
    expect(remembered()).toEqual(['a'])
    expect(principalNamed(line.model, foldName('a'))).toBeDefined()
    expect(line.model.epoch).toBe(catalog.epoch)
  })

  test('that cannot be replayed changes nothing', async () => {
    const { committer: line } = committer(works)
    const refused = new Error('refused')
    const replay = (): never => {
      throw refused
    }
    await expect(line.commit({ replay })).rejects.toBe(refused)
    expect(line.model.epoch).toBe(0)
    expect(remembered()).toEqual([])
  })

  test('over both files is published when the engine has committed', async () => {
    const { committer: line, engine } = committer(works)
    await line.commit({ replay: making('a'), engine })
    expect(remembered()).toEqual(['a'])
    expect(catalog.openTransactions()).toEqual([])
  })

  test('over both files is forgotten when the engine has not committed', async () => {
    const conflict = new Error('conflict')
    const { committer: line, engine } = committer({
      commit: () => Promise.reject(conflict),
      hasCommitted: () => Promise.resolve(false),
    })
    await expect(line.commit({ replay: making('a'), engine })).rejects.toBe(conflict)
    expect(remembered()).toEqual([])
    expect(catalog.openTransactions()).toEqual([])
    // The next one is not held up, and has the epoch that this one would have had.
    await line.commit({ replay: making('b') })
    expect(line.model.epoch).toBe(1)
  })

  test('that the engine made before it ended counts', async () => {
    const { committer: line, engine } = committer({
      commit: () => Promise.reject(new Error('the engine ended')),
      hasCommitted: () => Promise.resolve(true),
    })
    await line.commit({ replay: making('a'), engine })
    expect(remembered()).toEqual(['a'])
  })

  test('of which nobody can tell is left for the next start to decide', async () => {
    const {
      committer: line,
      engine,
      undecided,
    } = committer({
      commit: () => Promise.reject(new Error('the engine ended')),
      hasCommitted: () => Promise.reject(new Error('and does not come back')),
    })
    await expect(line.commit({ replay: making('a'), engine })).rejects.toThrow('does not come back')
    expect(undecided).toHaveLength(1)
    expect(catalog.openTransactions()).toHaveLength(1)
  })

  test('waits for the one before it, and is replayed on what that made', async () => {
    let finish: (() => void) | undefined
    const { committer: line, engine } = committer({
      commit: () =>
        new Promise((resolve) => {
          finish = resolve
        }),
      hasCommitted: never,
    })
    const first = line.commit({ replay: making('a'), engine })
    const second = line.commit({ replay: making('b') })
    expect(remembered()).toEqual([])
    finish?.()
    await Promise.all([first, second])
    expect(remembered()).toEqual(['a', 'b'])
    expect(line.model.principals.size).toBe(2)
  })

  test('that is cancelled in the line does not happen, and leaves the line to the others', async () => {
    let finish: (() => void) | undefined
    const { committer: line, engine } = committer({
      commit: () =>
        new Promise((resolve) => {
          finish = resolve
        }),
      hasCommitted: never,
    })
    const first = line.commit({ replay: making('a'), engine })
    const cancelled = new Error('cancelled')
    const waitFor = <T>(work: Promise<T>): Promise<T> =>
      Promise.race([work, Promise.reject(cancelled)])
    await expect(line.commit({ replay: making('b'), waitFor })).rejects.toBe(cancelled)
    const third = line.commit({ replay: making('c') })
    finish?.()
    await Promise.all([first, third])
    expect(remembered()).toEqual(['a', 'c'])
  })
})

describe('a hold', () => {
  test('keeps commits waiting until it ends, and sees the model stand still', async () => {
    const { committer: line } = committer(works)
    const before = line.model
    const gate = new EventEmitter()
    const held = line.hold(async () => {
      await once(gate, 'open')
      return line.model
    })
    const commit = line.commit({ replay: making('later') })
    await new Promise((resolve) => setImmediate(resolve))
    expect(line.model).toBe(before)
    gate.emit('open')
    expect(await held).toBe(before)
    await commit
    expect(principalNamed(line.model, foldName('later'))).toBeDefined()
  })

  test('that fails lets commits go on', async () => {
    const { committer: line } = committer(works)
    const held = line.hold(() => Promise.reject(new RangeError('no')))
    const commit = line.commit({ replay: making('later') })
    await expect(held).rejects.toThrow('no')
    await commit
    expect(principalNamed(line.model, foldName('later'))).toBeDefined()
  })
})
