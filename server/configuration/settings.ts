import { configurationError, shownValue } from './configuration-error.ts'
import type { WrittenSetting } from './conf-file.ts'
import type { DefaultedKey, OptionalKey } from './keys.ts'
import { allKeys } from './keys.ts'
import { refusalOf } from './refused-keys.ts'

const environmentPrefix = 'GRANTD_'

/** `GRANTD_PG_NET_BIND_TO` of `pg.net.bind.to`. */
export function environmentName(key: string): string {
  return environmentPrefix + key.toUpperCase().replaceAll('.', '_')
}

/** What somebody set, by key; the environment goes before the file. */
export class Settings {
  readonly #written: ReadonlyMap<string, WrittenSetting>

  /** @throws SqlError for a key that is refused or that nobody knows */
  constructor(written: readonly WrittenSetting[]) {
    for (const setting of written) checkKey(setting)
    this.#written = new Map(written.map((setting) => [setting.key, setting]))
  }

  value<T>(key: DefaultedKey<T>): T {
    return this.optional(key) ?? read(key, { value: key.default, source: 'default' })
  }

  optional<T>(key: OptionalKey<T>): T | undefined {
    const setting = this.#written.get(key.name)
    return setting === undefined ? undefined : read(key, setting)
  }

  /** As somebody wrote it; undefined where nobody did. */
  written(key: OptionalKey<unknown>): WrittenSetting | undefined {
    return this.#written.get(key.name)
  }

  /** These settings, but some keys as they are in others. */
  withKeysOf(others: Settings, keys: readonly OptionalKey<unknown>[]): Settings {
    const written = new Map(this.#written)
    for (const key of keys) {
      const other = others.written(key)
      if (other === undefined) written.delete(key.name)
      else written.set(key.name, other)
    }
    return new Settings([...written.values()])
  }

  /** An error about a value that is fine by itself and wrong in its place. */
  refuse(key: OptionalKey<unknown>, reason: string): never {
    const { source, value } = this.#written.get(key.name) ?? { source: 'default', value: 'unset' }
    throw configurationError(
      `${source}: ${reason} [key=${key.name}, value=${shownValue(key.name, value)}]`,
    )
  }
}

/** The settings among the variables of an environment. */
export function settingsOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): readonly WrittenSetting[] {
  const keyOf = new Map(allKeys.map(({ name }) => [environmentName(name), name]))
  return Object.entries(environment).flatMap(([source, value]) => {
    if (!source.startsWith(environmentPrefix) || value === undefined) return []
    const guess = source.slice(environmentPrefix.length).toLowerCase().replaceAll('_', '.')
    return [{ key: keyOf.get(source) ?? guess, value, source, from: 'env' }]
  })
}

function checkKey({ key, value, source }: WrittenSetting): void {
  const where = `[key=${key}, value=${shownValue(key, value)}]`
  const reason = refusalOf(key)
  if (reason !== undefined) throw configurationError(`${source}: the key ${reason} ${where}`)
  if (allKeys.some(({ name }) => name === key)) return
  throw configurationError(`${source}: unknown key ${where}, accepted are ${acceptedKeys(key)}`)
}

/** The keys of the same family, or the families. */
function acceptedKeys(key: string): string {
  const family = familyOf(key)
  const relatives = allKeys.map(({ name }) => name).filter((name) => familyOf(name) === family)
  if (relatives.length > 0) return relatives.join(', ')
  const families = new Set(allKeys.map(({ name }) => `${familyOf(name)}.*`))
  return `${[...families].join(', ')} (server.conf.example lists all)`
}

function familyOf(key: string): string {
  return key.split('.')[0] ?? key
}

function read<T>(
  key: OptionalKey<T>,
  { value, source }: Pick<WrittenSetting, 'value' | 'source'>,
): T {
  const result = key.kind.schema.safeParse(value)
  if (result.success) return result.data
  throw configurationError(
    `${source}: bad value, expected ${key.kind.accepts} [key=${key.name}, value=${shownValue(key.name, value)}]`,
  )
}
