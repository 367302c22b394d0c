import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../store/open-store.ts'
import type { StoreEvent, StoreOptions } from '../../store/store-options.ts'
import type { Store } from '../../store/store.ts'

export interface TestStore {
  readonly store: Store
  readonly directory: string
  readonly events: readonly StoreEvent[]
  table(oid: number): string
  /** The process id of the running engine. */
  engineProcessId(): number
  /** Resolves at the next event of the kind. */
  next(kind: StoreEvent['kind']): Promise<void>
  close(options?: { readonly keepFiles: boolean }): Promise<void>
}

export const databaseAlias = 'd_0123456789abcdef'

/** A store in a directory of its own, or in one that is there already. */
export async function openTestStore(
  options: Partial<StoreOptions> = {},
  existing?: string,
): Promise<TestStore> {
  const directory = existing ?? (await mkdtemp(join(tmpdir(), 'grantd-store-')))
  const events: StoreEvent[] = []
  const waiting = new Set<(event: StoreEvent) => void>()
  const store = await openStore({
    directory,
    databaseAlias,
    memoryLimitBytes: 256 << 20,
    ...options,
    onEvent: (event) => {
      events.push(event)
      for (const listener of waiting) listener(event)
    },
  })
  return {
    store,
    directory,
    events,
    table: (oid) => `"${databaseAlias}"."main"."t${oid}"`,
    engineProcessId: () => lastProcessId(events),
    next: (kind) =>
      new Promise((resolve) => {
        const listener = (event: StoreEvent): void => {
          if (event.kind !== kind) return
          waiting.delete(listener)
          resolve()
        }
        waiting.add(listener)
      }),
    close: async (closing) => {
      await store.close()
      if (closing?.keepFiles !== true) await rm(directory, { recursive: true, force: true })
    },
  }
}

function lastProcessId(events: readonly StoreEvent[]): number {
  const started = events.findLast((event) => event.kind === 'EngineStarted')
  if (started?.kind !== 'EngineStarted') throw new Error('an engine was started')
  return started.processId
}
