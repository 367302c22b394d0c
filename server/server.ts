/** The composition root: puts the parts together, in the order in which one needs the other. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { ModelOptions } from '../acl/model.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { openCatalog } from '../catalog/catalog.ts'
import { SqlState } from '../errors/sql-state.ts'
import { unreachable } from '../errors/unreachable.ts'
import { loadParser } from '../parser/parse.ts'
import { openStore } from '../store/open-store.ts'
import type { StoreEvent } from '../store/store-options.ts'
import type { Store } from '../store/store.ts'
import { createPasswordVerifier } from './authentication.ts'
import { Backups } from './backup/backups.ts'
import { checkpointOf } from './backup/layout.ts'
import { recoverCheckpoint } from './backup/restore-database.ts'
import type { Configuration } from './configuration.ts'
import type { LeveledLogger, Logger } from './log.ts'
import type { PgListener } from './pgwire/listener.ts'
import { listen } from './pgwire/listener.ts'
import { Activity } from './session/activity.ts'
import { recover } from './recover.ts'
import { Committer } from './session/committer.ts'
import { createLogin } from './session/login.ts'
import { Expiry } from './session/expiry.ts'
import { PlanCache } from './session/plan-cache.ts'
import { listenerRules, prepareChange, adminCredential } from './control/configuration-change.ts'
import type { Changeable } from './control/configuration-change.ts'
import type { LiveConfigurationOptions } from './control/live-configuration.ts'
import { LiveConfiguration } from './control/live-configuration.ts'
import { Imports } from './copy/imports.ts'
import { ServerControl } from './control/server-control.ts'
import { PrincipalSlots } from './session/principal-slots.ts'
import { TableLocks } from './session/table-locks.ts'
import type { Services } from './session/services.ts'

export interface RunningServer {
  /** Where the PostgreSQL endpoint listens; absent where it is not enabled. */
  readonly pgwire: { readonly host: string; readonly port: number } | undefined
  /** Finishes what runs, writes what is in memory, lets go of the files. */
  stop(): Promise<void>
}

/**
 * Starts a server.
 * @param read what the configuration was read from, to be read again by reload_config()
 * @param onUndecided the server cannot go on: whether a commit happened is known after a restart only
 * @throws SqlError FATAL, with words for whoever starts it: a directory in use, a damaged catalog
 */
export async function startServer(
  configuration: Configuration,
  read: Pick<LiveConfigurationOptions, 'sources' | 'settings'>,
  logger: LeveledLogger,
  onUndecided: (error: unknown) => void,
): Promise<RunningServer> {
  await loadParser()
  const verifier = await createPasswordVerifier({
    queueMax: configuration.acl.hashQueueMax,
    cacheMax: configuration.acl.passwordCacheMax,
  })
  await recoverCheckpoint(configuration.dataDirectory, logger)
  const catalog = openCatalog({ path: join(configuration.dataDirectory, 'catalog.sqlite') })
  const database = `d_${randomBytes(8).toString('hex')}`
  let opened: Store | undefined
  try {
    const store = await openStore({
      directory: join(configuration.dataDirectory, 'store'),
      // CHECKPOINT makes its copy under another name first.
      copyDirectories: [
        configuration.backupRoot,
        `${checkpointOf(configuration.dataDirectory)}.partial`,
      ],
      databaseAlias: database,
      memoryLimitBytes: configuration.store.memoryLimitBytes,
      residentBytesMax: configuration.store.processMemoryLimitBytes,
      spillBytesMax: configuration.store.spillLimitBytes,
      threads: configuration.store.threads,
      statementSlots: configuration.query.slots,
      statementQueueMax: configuration.query.queueMax,
      statementQueueTimeoutMs: configuration.query.queueTimeoutMs,
      ...(configuration.query.timeoutMs === 0
        ? {}
        : { statementTimeoutMs: configuration.query.timeoutMs }),
      onEvent: (event) => logStoreEvent(logger, event),
    })
    opened = store
    const model = await recover({ catalog, store, logger, options: modelOptions(configuration) })
    const committer = new Committer({ model, catalog, store, logger, onUndecided })
    const activity = new Activity(nowMicros)
    const plans = new PlanCache(configuration.query.planCacheBytesMax)
    const slots = new PrincipalSlots({
      perPrincipalMax: configuration.query.slotsPerPrincipal,
      waitMs: configuration.query.queueTimeoutMs,
    })
    const locks = new TableLocks()
    const imports = new Imports(configuration.copyRoot)
    const admin = await adminCredential(verifier, configuration)
    const { namedStatementsMax } = configuration.pg
    const changeable: Changeable = { admin, logger, namedStatementsMax, plans, slots, store }
    const control = new ServerControl({
      configuration: new LiveConfiguration({
        ...read,
        logger,
        prepare: (next) => prepareChange(changeable, verifier, next),
      }),
      endpoints: () => (changeable.listener === undefined ? [] : [changeable.listener]),
      plans,
      activity,
      committer,
      catalog,
      store,
      logger,
    })
    const backups = new Backups({
      root: configuration.backupRoot,
      dataDirectory: configuration.dataDirectory,
      committer,
      catalog,
      store,
      logger,
      nowMicros,
    })
    await backups.sweep()
    const expiry = new Expiry({ committer, store, database, nowMicros, logger })
    const services: Services = {
      committer,
      backups,
      expiry,
      catalog,
      store,
      database,
      plans,
      slots,
      locks,
      imports,
      activity,
      facts: {
        checkpointMicros: () => backups.checkpointMicros,
        runningStatements: () => activity.list(),
        imports: () => imports.list(),
        auditRecords: (page) => catalog.newestAuditRecords(page),
      },
      control,
      logger,
      hashPassword: (password) => verifier.hashPassword(password),
      get namedObjectsMax() {
        return changeable.namedStatementsMax
      },
      nowMicros,
    }
    const login = createLogin({
      services,
      verifier,
      adminPasswordHash: () => changeable.admin.hash,
    })
    const listener = await listenPgwire(configuration, logger, login)
    changeable.listener = listener
    expiry.start()
    return {
      pgwire: listener?.address,
      stop: () => stop({ listener, expiry, imports, store, catalog }),
    }
  } catch (error) {
    await opened?.close()
    catalog.close()
    throw error
  }
}

/** Microseconds since 1970. */
function nowMicros(): bigint {
  return BigInt(Date.now()) * 1000n
}

function modelOptions({ acl }: Configuration): ModelOptions {
  const { admin, nameLengthMax } = acl
  return { adminName: admin.name, adminEnabled: admin.enabled, nameLengthMax }
}

/** The engine's SQL stays out of the log: it holds the literals of somebody's statement. */
function logStoreEvent(logger: Logger, event: StoreEvent): void {
  switch (event.kind) {
    case 'EngineStarted':
      logger.info(event, 'engine started')
      return
    case 'EngineEnded':
      if (event.reason === 'closed') logger.info(event, 'engine ended')
      else logger.error(event, 'engine ended')
      return
    case 'EngineStartFailed':
      logger.error(event, 'engine does not start')
      return
    case 'EngineOutput':
      logger.warn(event, 'engine output')
      return
    case 'EngineError': {
      const { sqlState, message, id } = event
      const fields = { sqlState, message, id }
      if (sqlState === SqlState.InternalError) logger.error(fields, 'engine error')
      else logger.debug(fields, 'engine error')
      return
    }
    default:
      unreachable(event)
  }
}

async function listenPgwire(
  configuration: Configuration,
  logger: Logger,
  login: ReturnType<typeof createLogin>,
): Promise<PgListener | undefined> {
  const { pg } = configuration
  if (!pg.enabled) return undefined
  return listen({
    host: pg.bindTo.host,
    port: pg.bindTo.port,
    ...(pg.tls === undefined ? {} : { tls: pg.tls }),
    login,
    logger,
    ...listenerRules(configuration),
  })
}

async function stop(parts: {
  readonly listener: PgListener | undefined
  readonly expiry: Expiry
  readonly imports: Imports
  readonly store: Store
  readonly catalog: Catalog
}): Promise<void> {
  await parts.listener?.close()
  await parts.expiry.close()
  await parts.imports.stop()
  await parts.store.close()
  parts.catalog.close()
}
