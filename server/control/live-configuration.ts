/** The configuration of a server that runs: what is in force, and what of it a changed file can change. */
import { SqlError } from '../../errors/sql-error.ts'
import type { Configuration, ConfigurationSources } from '../configuration.ts'
import { configurationOf, readSettings } from '../configuration.ts'
import type { OptionalKey } from '../configuration/keys.ts'
import { aclKeys, allKeys, generalKeys, pgKeys, queryKeys } from '../configuration/keys.ts'
import type { Settings } from '../configuration/settings.ts'
import { environmentName } from '../configuration/settings.ts'
import type { Logger } from '../log.ts'

/** A row of SHOW PARAMETERS (D46). */
export interface ParameterRow {
  readonly key: string
  readonly environmentName: string
  /** As written; null where it is not set and has no default. */
  readonly value: string | null
  readonly source: 'conf' | 'env' | 'default'
  /** A secret: its value is not to be shown. */
  readonly sensitive: boolean
  readonly reloadable: boolean
}

/** The keys that can change while the server runs; all others need a restart. */
const reloadableKeys: ReadonlySet<OptionalKey<unknown>> = new Set<OptionalKey<unknown>>([
  generalKeys.logLevel,
  generalKeys.shutdownTimeout,
  aclKeys.adminPassword,
  pgKeys.connectionLimit,
  pgKeys.loginTimeout,
  pgKeys.messageBytesMax,
  pgKeys.namedStatementLimit,
  pgKeys.cleartextPasswordAllowed,
  queryKeys.timeout,
  queryKeys.slotsPerPrincipal,
  queryKeys.planCacheBytesMax,
])

const sensitiveKeys: ReadonlySet<OptionalKey<unknown>> = new Set<OptionalKey<unknown>>([
  aclKeys.adminPassword,
])

export interface LiveConfigurationOptions {
  readonly sources: ConfigurationSources
  readonly settings: Settings
  readonly logger: Logger
  /** Makes what can fail or takes time; what it returns puts the values in force, and cannot fail. */
  readonly prepare: (configuration: Configuration) => Promise<() => void>
}

/** Reads the sources again when it is told to; applies all of what changed, or nothing. */
export class LiveConfiguration {
  readonly #options: LiveConfigurationOptions
  #settings: Settings
  #reloading: Promise<unknown> = Promise.resolve()

  constructor(options: LiveConfigurationOptions) {
    this.#options = options
    this.#settings = options.settings
  }

  /** One a key that there is, by name. */
  parameters(): readonly ParameterRow[] {
    return allKeys
      .map((key): ParameterRow => ({
        key: key.name,
        environmentName: environmentName(key.name),
        value: textOf(this.#settings, key),
        source: this.#settings.written(key)?.from ?? 'default',
        sensitive: sensitiveKeys.has(key),
        reloadable: reloadableKeys.has(key),
      }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** One at a time. @returns whether something changed; false, and nothing did, where the sources are bad */
  reload(): Promise<boolean> {
    const turn = this.#reloading.then(() => this.#reload())
    this.#reloading = turn.catch(() => undefined)
    return turn
  }

  async #reload(): Promise<boolean> {
    const { sources, logger, prepare } = this.#options
    let changed: readonly OptionalKey<unknown>[]
    let settings: Settings
    let putInForce: () => void
    try {
      const read = readSettings(sources)
      // All of it, so that a bad value of a key that needs a restart is told now and not then.
      configurationOf(read)
      changed = allKeys.filter((key) => textOf(read, key) !== textOf(this.#settings, key))
      const reloadable = changed.filter((key) => reloadableKeys.has(key))
      settings = this.#settings.withKeysOf(read, reloadable)
      putInForce = await prepare(configurationOf(settings))
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      logger.error({ reason: error.message }, 'the configuration is not reloaded')
      return false
    }
    const namesOf = (isReloadable: boolean): readonly string[] =>
      changed.filter((key) => reloadableKeys.has(key) === isReloadable).map(({ name }) => name)
    if (namesOf(false).length > 0) {
      logger.warn({ keys: namesOf(false) }, 'changed keys that need a restart')
    }
    if (namesOf(true).length === 0) return false
    putInForce()
    this.#settings = settings
    logger.info({ keys: namesOf(true) }, 'the configuration is reloaded')
    return true
  }
}

function textOf(settings: Settings, key: OptionalKey<unknown>): string | null {
  return settings.written(key)?.value ?? defaultOf(key) ?? null
}

function defaultOf(key: OptionalKey<unknown>): string | undefined {
  return 'default' in key && typeof key.default === 'string' ? key.default : undefined
}
