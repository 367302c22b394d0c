import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { driverCode } from '../../errors/driver-code.ts'
import { storeFile } from './layout.ts'

/** Device and inode of the live data file: a copy of the folder has others. Undefined: there is none. */
export async function identityOf(dataDirectory: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(join(dataDirectory, storeFile), { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    if (driverCode(error) === 'ENOENT') return undefined
    throw error
  }
}
