/**
 * A grantd of its own for one test: the built server as a process, on a free port, with a data
 * directory that is removed afterwards. End-to-end tests run dist/ (scripts/test builds it first).
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'

export interface Grantd {
  readonly port: number
  readonly dataDir: string
  /** What the server wrote to standard error so far. */
  readonly log: () => string
  readonly process: ChildProcess
  /** SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>
  /** SIGKILL, as a power cut would. */
  readonly kill: () => Promise<void>
  /** Stops if it runs, and removes the data directory. */
  readonly remove: () => Promise<void>
}

const mainFile = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))
const readyLine = /grantd ready: pgwire (?:127\.0\.0\.1|\[::1\]):(\d+)/

/** @throws Error with the server's log when it ends before it is ready */
export async function startGrantd(
  options: {
    readonly dataDir?: string
    readonly environment?: Readonly<Record<string, string>>
    /** A configuration file. */
    readonly file?: string
  } = {},
): Promise<Grantd> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'grantd-test-')))
  const file = options.file === undefined ? [] : [options.file]
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', mainFile, ...file],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        GRANTD_DATA_DIR: dataDir,
        GRANTD_PG_NET_BIND_TO: '127.0.0.1:0',
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const exited = once(child, 'exit')
  const port = await new Promise<number>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const found = readyLine.exec(output)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    void exited.then(() => reject(new Error(`grantd ended before it was ready\n${output}${log}`)))
  })
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
    return child.exitCode
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  const remove = async (): Promise<void> => {
    await stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { port, dataDir, log: () => log, process: child, stop, kill, remove }
}

/** A connection of node-postgres. */
export async function connect(
  grantd: Pick<Grantd, 'port'>,
  login: { readonly user: string; readonly password: string },
): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port: grantd.port,
    database: 'grantd',
    ...login,
  })
  // A connection that the server ends between two statements is an event, not a failed test.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export const admin = { user: 'admin', password: 'quest' } as const
