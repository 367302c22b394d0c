/** What the functions of SYSTEM ADMIN do to the running server (questdb-rbac.md, W21, D42, D46). */
import type { PlanCache } from '../session/plan-cache.ts'
import type { Activity } from '../session/activity.ts'
import type { Committer } from '../session/committer.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Store } from '../../store/store.ts'
import { driverMessage } from '../../errors/driver-code.ts'
import type { Logger } from '../log.ts'
import type { LiveConfiguration, ParameterRow } from './live-configuration.ts'
import { verifyRelations } from './verify-relations.ts'

/** An endpoint that can take new certificates while it is open. */
export interface TlsEndpoint {
  /** Reads certificate and key; what it returns puts them in force. @throws what reading throws */
  prepareTls(): (() => void) | undefined
}

export interface ServerControlOptions {
  readonly configuration: LiveConfiguration
  /** The endpoints that are open by now. */
  readonly endpoints: () => readonly TlsEndpoint[]
  readonly plans: PlanCache
  readonly activity: Activity
  readonly committer: Pick<Committer, 'model'>
  readonly catalog: Pick<Catalog, 'relationsFrom'>
  readonly store: Pick<Store, 'residentBytes'>
  readonly logger: Logger
}

/** Each answers what its function does; what there is to say beyond that is in the log. */
export class ServerControl {
  readonly #options: ServerControlOptions

  constructor(options: ServerControlOptions) {
    this.#options = options
  }

  /** For handshakes to come, on every endpoint or on none; sessions that are open go on as they are. */
  reloadTls(): boolean {
    const { endpoints, logger } = this.#options
    let swaps: readonly (() => void)[]
    try {
      swaps = endpoints().flatMap((endpoint) => endpoint.prepareTls() ?? [])
    } catch (error) {
      // OpenSSL's words and paths are for the log: a principal learns whether it worked.
      logger.error({ reason: driverMessage(error) }, 'TLS files cannot be used, the old ones stay')
      return false
    }
    if (swaps.length === 0) {
      logger.warn('TLS files were not read again: no endpoint offers TLS')
      return false
    }
    for (const swap of swaps) swap()
    logger.info({ endpoints: swaps.length }, 'TLS files were read again')
    return true
  }

  /** @returns whether a key changed that can while the server runs */
  reloadConfiguration(): Promise<boolean> {
    return this.#options.configuration.reload()
  }

  parameters(): readonly ParameterRow[] {
    return this.#options.configuration.parameters()
  }

  dumpMemoryUsage(): boolean {
    const { store, logger } = this.#options
    const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage()
    const server = { rss, heapTotal, heapUsed, external, arrayBuffers }
    logger.info({ server, engine: { rss: store.residentBytes() ?? null } }, 'memory usage in bytes')
    return true
  }

  /** Node has one thread of ours: what it waits for, and which statements run, says what stacks would. */
  dumpActivity(): boolean {
    const { activity, logger } = this.#options
    const resources: Record<string, number> = {}
    for (const name of process.getActiveResourcesInfo()) {
      resources[name] = (resources[name] ?? 0) + 1
    }
    const statements = activity.list().map(({ id, processId, state }) => ({ id, processId, state }))
    logger.info({ resources, statements }, 'what the server waits for, and what runs')
    return true
  }

  flushPlans(): boolean {
    this.#options.plans.clear()
    return true
  }

  /** @param oids of the relations to look at; absent: all */
  async verifyRelations(oids: ReadonlySet<number> | undefined): Promise<boolean> {
    const { catalog, committer, logger } = this.#options
    const wrong = await verifyRelations({ catalog, committer, oids })
    if (wrong.length > 0) {
      logger.error({ oids: wrong }, 'relations in the catalog are not those in force')
    }
    return wrong.length === 0
  }
}
