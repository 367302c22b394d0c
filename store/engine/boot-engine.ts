import duckdb from '@duckdb/node-bindings'
import type { Connection, Database } from '@duckdb/node-bindings'
import type { BootSettings } from '../protocol/request.ts'
import { commitsTable } from './commits.ts'
import { identifier, literal, runQuietly } from './query-values.ts'
import { verifyEngine } from './verify-engine.ts'

export interface BootedEngine {
  readonly database: Database
  /** The server's own connection: commit numbers, sweeping, checkpoint. */
  readonly connection: Connection
}

/**
 * Starts the engine as duckdb-hardening.md, section 4, says: an empty default catalog, the data file
 * attached under a random alias, then the locks; and reads every setting back before it serves.
 */
export async function bootEngine(settings: BootSettings): Promise<BootedEngine> {
  const database = await duckdb.open(':memory:', configOf(settings))
  const connection = await duckdb.connect(database)
  const alias = identifier(settings.databaseAlias)
  // The order matters: nothing can be attached, and no setting changed, behind the locks.
  await runQuietly(connection, `ATTACH ${literal(settings.databaseFile)} AS ${alias}`)
  await runQuietly(connection, `SET TimeZone = 'UTC'`)
  const directories = settings.fileDirectories.map((path) => literal(`${path}/`))
  await runQuietly(connection, `SET allowed_directories = [${directories.join(', ')}]`)
  await runQuietly(connection, `SET allowed_configs = ['TimeZone']`)
  await runQuietly(connection, 'SET enable_external_access = false')
  await runQuietly(connection, 'SET lock_configuration = true')
  await verifyEngine(connection, settings)
  await runQuietly(
    connection,
    `CREATE TABLE IF NOT EXISTS ${commitsTable(settings.databaseAlias)} (n BIGINT NOT NULL)`,
  )
  return { database, connection }
}

function configOf(settings: BootSettings): ReturnType<typeof duckdb.create_config> {
  const config = duckdb.create_config()
  const options = {
    allow_community_extensions: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_persistent_secrets: 'false',
    allow_unsigned_extensions: 'false',
    allow_unredacted_secrets: 'false',
    memory_limit: `${settings.memoryLimitBytes}B`,
    threads: String(settings.threads),
    temp_directory: settings.spillDirectory,
    max_temp_directory_size: `${settings.spillBytesMax}B`,
    max_expression_depth: '250',
    catalog_error_max_schemas: '0',
    integer_division: 'true',
    ieee_floating_point_ops: 'false',
    // It builds what the columns hold when a plan is made into the plan, which is kept and run again when
    // they hold something else: `WHERE v < 100` was dropped, values came out wrong (measured on 1.5.6).
    disabled_optimizers: 'statistics_propagation',
    default_null_order: 'nulls_last_on_asc_first_on_desc',
    lambda_syntax: 'DISABLE_SINGLE_ARROW',
    enable_external_file_cache: 'false',
    checkpoint_threshold: '64MiB',
    pivot_limit: '1',
    extension_directory: settings.emptyDirectory,
    secret_directory: settings.emptyDirectory,
    home_directory: settings.emptyDirectory,
  }
  for (const [name, value] of Object.entries(options)) duckdb.set_config(config, name, value)
  return config
}
