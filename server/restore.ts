/**
 * The program behind `scripts/restore`:
 *   restore <backup> <data.dir>                  a new data.dir from BACKUP DATABASE
 *   restore --table <backup> <data.dir> [name...]  tables of BACKUP TABLE into a data.dir that no server uses
 * Exit code 0 when it is done, 1 when nothing was restored, 2 for a command line that it does not know.
 */
import { driverMessage } from '../errors/driver-code.ts'
import { SqlError } from '../errors/sql-error.ts'
import { restoreDatabase } from './backup/restore-database.ts'
import { restoreTables } from './backup/restore-tables.ts'
import { createLogger } from './log.ts'

const usage = [
  'usage: scripts/restore <backup> <data.dir>',
  '       scripts/restore --table <backup> <data.dir> [table ...]',
  '',
].join('\n')

async function restore(args: readonly string[]): Promise<string> {
  const [first, ...others] = args
  if (first === '--table') {
    const [backup, dataDirectory, ...names] = others
    if (backup === undefined || dataDirectory === undefined) return failUsage()
    const tables = await restoreTables({
      backup,
      dataDirectory,
      ...(names.length === 0 ? {} : { only: names }),
      logger: createLogger('warn'),
      nowMicros: () => BigInt(Date.now()) * 1000n,
    })
    return `restored ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`
  }
  const [dataDirectory, ...rest] = others
  if (first === undefined || dataDirectory === undefined || rest.length > 0) return failUsage()
  if (first.startsWith('-')) return failUsage()
  const { timestamp } = await restoreDatabase({ backup: first, dataDirectory })
  return `restored the database of ${timestamp}`
}

function failUsage(): never {
  process.stderr.write(usage)
  process.exit(2)
}

try {
  process.stdout.write(`${await restore(process.argv.slice(2))}\n`)
} catch (error) {
  const words = error instanceof SqlError ? error.message : driverMessage(error)
  process.stderr.write(`${words}\n`)
  if (error instanceof SqlError && error.hint !== undefined) process.stderr.write(`${error.hint}\n`)
  process.exit(1)
}
