/**
 * The program: `node dist/server/main.js [server.conf]`. Prints one line when it is ready, ends on SIGTERM
 * and SIGINT after finishing what runs with exit code 0, and with 1 when it cannot start or go on.
 */
import { existsSync } from 'node:fs'
import { driverMessage } from '../errors/driver-code.ts'
import { SqlError } from '../errors/sql-error.ts'
import type { Configuration, ConfigurationSources } from './configuration.ts'
import { configurationOf, readSettings } from './configuration.ts'
import type { Settings } from './configuration/settings.ts'
import { createLogger } from './log.ts'
import { startServer } from './server.ts'

/** Looked for in the working directory when no file is named. */
const defaultFile = 'server.conf'

function configurationFile(): string | undefined {
  const named = process.argv[2]
  if (named !== undefined) return named
  return existsSync(defaultFile) ? defaultFile : undefined
}

/** What stops a start is told in a sentence for people; a bug keeps its stack. */
function failStart(error: unknown): never {
  if (error instanceof SqlError) {
    process.stderr.write(`grantd cannot start: ${error.message}\n`)
    if (error.hint !== undefined) process.stderr.write(`${error.hint}\n`)
  } else {
    const stack = error instanceof Error ? error.stack : undefined
    process.stderr.write(`grantd cannot start: ${stack ?? driverMessage(error)}\n`)
  }
  process.exit(1)
}

interface Start {
  readonly configuration: Configuration
  readonly sources: ConfigurationSources
  readonly settings: Settings
}

function readOrFail(): Start {
  const file = configurationFile()
  const sources = { ...(file === undefined ? {} : { file }), environment: process.env }
  try {
    const settings = readSettings(sources)
    return { configuration: configurationOf(settings), sources, settings }
  } catch (error) {
    return failStart(error)
  }
}

const { configuration, sources, settings } = readOrFail()
const logger = createLogger(configuration.logLevel)

try {
  const read = { sources, settings }
  const server = await startServer(configuration, read, logger, (error) => {
    logger.fatal({ err: error }, 'whether a commit happened cannot be told; the next start will')
    process.exit(1)
  })
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const endpoints =
    server.pgwire === undefined ? '' : ` pgwire ${server.pgwire.host}:${server.pgwire.port}`
  process.stdout.write(`grantd ready:${endpoints}\n`)
} catch (error) {
  failStart(error)
}
