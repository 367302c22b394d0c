/**
 * Files that COPY may read: those below the import root, and nothing else. The name is ours to resolve: no
 * absolute path, no `..`, no symbolic link that leads out. What was resolved is compared with what was opened,
 * so that a link put there in between changes nothing.
 */
import type { FileHandle } from 'node:fs/promises'
import { constants, mkdir, open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { driverCode } from '../../errors/driver-code.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Literal } from '../../parser/statement.ts'

/** @throws SqlError 22023 for a name that leads out of the root, 58P01 for no such file, 58030 */
export async function openImportFile(root: string, { value, span }: Literal): Promise<FileHandle> {
  const offset = span.start
  const isInside =
    value !== '' &&
    !value.includes('\0') &&
    !isAbsolute(value) &&
    !value.split(/[/\\]/).includes('..')
  if (!isInside) throw outsideRoot(offset)
  let handle: FileHandle | undefined
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const realRoot = await realpath(root)
    const path = await realpath(join(realRoot, value))
    if (!path.startsWith(`${realRoot}${sep}`)) throw outsideRoot(offset)
    // A pipe would let the opening wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const [opened, resolved] = await Promise.all([handle.stat(), stat(path)])
    const isSame = opened.dev === resolved.dev && opened.ino === resolved.ino
    if (!opened.isFile() || !isSame || (await realpath(path)) !== path) throw notAFile(offset)
    return handle
  } catch (error) {
    await handle?.close()
    throw fileError(error, offset)
  }
}

function fileError(error: unknown, offset: number): unknown {
  if (error instanceof SqlError) return error
  const code = driverCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return noSuchFile(offset, error)
  // The path of the root is none of the client's business.
  return new SqlError(SqlState.IoError, 'the file cannot be read', { offset, cause: error })
}

const hint = 'Files are read below the folder that the key cairo.sql.copy.root names.'

function outsideRoot(offset: number): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, 'the file is not below the import root', {
    offset,
    hint,
  })
}

function noSuchFile(offset: number, cause: unknown): SqlError {
  return new SqlError(SqlState.UndefinedFile, 'there is no such file below the import root', {
    offset,
    hint,
    cause,
  })
}

function notAFile(offset: number): SqlError {
  return new SqlError(SqlState.UndefinedFile, 'this is not a regular file', { offset })
}
