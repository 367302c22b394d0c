import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Threads of libuv's pool beside those that statements occupy (duckdb-hardening.md, section 5.4). */
const spareThreads = 8

/**
 * Starts the engine process: `dist/store/engine/main.js`, or its source where this file is source (tests).
 * Its environment holds nothing of ours; descriptor 3 is one end of a socket pair.
 */
export function spawnEngine(statementSlots: number): ChildProcess {
  const self = fileURLToPath(import.meta.url)
  const extension = extname(self)
  const entry = join(dirname(self), 'engine', `main${extension}`)
  return spawn(process.execPath, [...loaderArguments(extension), entry], {
    cwd: dirname(entry),
    env: {
      // Read by libuv once, at the start: it cannot be set from within.
      UV_THREADPOOL_SIZE: String(statementSlots + spareThreads),
      TZ: 'UTC',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
}

function loaderArguments(extension: string): readonly string[] {
  if (extension === '.js') return []
  const loader = createRequire(import.meta.url).resolve('tsx')
  return ['--import', pathToFileURL(loader).href]
}
