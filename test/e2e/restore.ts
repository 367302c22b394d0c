/** The restore command as an operator runs it, on the built program. */
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface RestoreResult {
  readonly exitCode: number
  readonly output: string
  readonly errors: string
}

const program = fileURLToPath(new URL('../../dist/server/restore.js', import.meta.url))

export function restore(...args: readonly string[]): Promise<RestoreResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, ...args],
      (_error, output, errors) => resolve({ exitCode: child.exitCode ?? -1, output, errors }),
    )
  })
}

/** The folders of the backups below a root, oldest first. */
export async function backupsIn(root: string): Promise<readonly string[]> {
  const names = await readdir(root)
  return names.toSorted().map((name) => join(root, name))
}
