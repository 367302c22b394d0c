import { createHash } from 'node:crypto'
import duckdb from '@duckdb/node-bindings'
import type { Connection } from '@duckdb/node-bindings'
import type { BootSettings } from '../protocol/request.ts'
import type { SqlValue } from '../sql-type.ts'
import { queryValues, textOf } from './query-values.ts'
import { configuredSettings, fixedSettings } from './settings.ts'
import type { ConfiguredSetting } from './settings.ts'

/** The engine that was measured; another one is refused until somebody looked at it (section 8, 17). */
export const engineVersion = 'v1.5.6'

/**
 * SHA-256 over the sorted `name type` lines of `duckdb_functions()`. A test compares the lines themselves
 * with the list of verdicts, and says which of them changed.
 */
const functionsDigest = '5acc053a5ad1e843319bcc7a3e7920e18734cd304f1512aed923223e6f03e684'

/**
 * Refuses an engine that is not what the rules were written for.
 * @throws naming the first thing that differs
 */
export async function verifyEngine(connection: Connection, settings: BootSettings): Promise<void> {
  const version = duckdb.library_version()
  if (version !== engineVersion) {
    throw new Error(`engine version is ${version}, not ${engineVersion}`)
  }
  await verifySettings(connection, settings)
  const digest = createHash('sha256')
    .update(await functionLines(connection))
    .digest('hex')
  if (digest !== functionsDigest) throw new Error('the engine has other functions than were judged')
}

/** The lines under {@link functionsDigest}. */
export async function functionLines(connection: Connection): Promise<string> {
  const rows = await queryValues(
    connection,
    `SELECT DISTINCT function_name || ' ' || function_type FROM duckdb_functions()`,
  )
  return rows
    .map(([line]) => textOf(line))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('\n')
}

async function verifySettings(connection: Connection, settings: BootSettings): Promise<void> {
  const rows = await queryValues(connection, 'SELECT name, value FROM duckdb_settings()')
  const actual = new Map(rows.map(([name, value]) => [textOf(name), value ?? null]))
  const expected = await expectedSettings(connection, settings, actual)
  for (const name of actual.keys()) {
    if (!expected.has(name)) throw new Error(`the engine has an unknown setting ${name}`)
  }
  for (const [name, value] of expected) {
    if (actual.get(name) !== value) {
      throw new Error(`engine setting ${name} is ${textOf(actual.get(name))}, not ${textOf(value)}`)
    }
  }
}

/** What every setting must read as. */
async function expectedSettings(
  connection: Connection,
  settings: BootSettings,
  actual: ReadonlyMap<string, SqlValue>,
): Promise<ReadonlyMap<string, SqlValue>> {
  const configured = await configuredValues(connection, settings, actual)
  return new Map<string, SqlValue>([
    ...Object.entries(fixedSettings),
    ...configuredSettings.map((name): [string, SqlValue] => [name, configured[name]]),
  ])
}

async function configuredValues(
  connection: Connection,
  settings: BootSettings,
  actual: ReadonlyMap<string, SqlValue>,
): Promise<Record<ConfiguredSetting, SqlValue>> {
  const [sizes = []] = await queryValues(
    connection,
    `SELECT format_bytes(${settings.memoryLimitBytes}), format_bytes(${settings.spillBytesMax})`,
  )
  const [memory = null, spill = null] = sizes
  const threads = String(settings.threads)
  return {
    memory_limit: memory,
    max_memory: memory,
    threads,
    worker_threads: threads,
    temp_directory: settings.spillDirectory,
    max_temp_directory_size: spill,
    extension_directory: settings.emptyDirectory,
    secret_directory: settings.emptyDirectory,
    home_directory: settings.emptyDirectory,
    allowed_directories: await listed(
      connection,
      'allowed_directories',
      allowedDirectories(settings),
    ),
    allowed_paths: await listed(connection, 'allowed_paths', allowedPaths(settings)),
    // Neither reaches data: one follows from the memory limit, the other lists what profiling prints.
    write_buffer_row_group_memory_limit: actual.get('write_buffer_row_group_memory_limit') ?? null,
    custom_profiling_settings: actual.get('custom_profiling_settings') ?? null,
  }
}

/** Ours, and the spill directory, which the engine adds itself, in any order. */
function allowedDirectories({ spillDirectory, fileDirectories }: BootSettings): readonly string[] {
  return [spillDirectory, ...fileDirectories].map((path) => `${path}/`)
}

/** The engine adds its own four files itself, in any order (section 3.2); nothing else may be there. */
function allowedPaths({ databaseFile: file }: BootSettings): readonly string[] {
  return [file, `${file}.wal`, `${file}.wal.checkpoint`, `${file}.wal.recovery`]
}

/** The setting as it reads, if it lists exactly these paths, else what was expected. */
async function listed(
  connection: Connection,
  setting: string,
  paths: readonly string[],
): Promise<SqlValue> {
  // The list itself: in its text, paths with commas or quotes are written in another way.
  const rows = await queryValues(
    connection,
    `SELECT unnest(current_setting('${setting}')), current_setting('${setting}')::VARCHAR`,
  )
  const found = rows.map(([path]) => textOf(path))
  const isSame = found.length === paths.length && paths.every((path) => found.includes(path))
  return isSame ? (rows[0]?.[1] ?? null) : `[${paths.join(', ')}]`
}
