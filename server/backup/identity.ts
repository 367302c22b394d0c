import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { driverCode } from '../../errors/driver-code.ts'
import { storeFile } from './layout.ts'

/**
 * Which file the live data file is: a copy of the folder has another. When it was made is said too, since an inode's
 * number is given again. Undefined: there is none.
 */
export async function identityOf(dataDirectory: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } = await stat(join(dataDirectory, storeFile), { bigint: true })
    return `${dev}:${ino}:${birthtimeNs}`
  } catch (error) {
    if (driverCode(error) === 'ENOENT') return undefined
    throw error
  }
}
