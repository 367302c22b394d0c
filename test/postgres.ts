/** A throw-away PostgreSQL of one's own: tests ask it what PostgreSQL does (code-style.md, section 9). */
import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where Debian's packages keep the servers, one folder for each major version. */
const installations = '/usr/lib/postgresql'

/** A running server; connect with `{ host, port, user, database }`. */
export interface Postgres {
  /** The directory of its unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly majorVersion: number
  stop(): Promise<void>
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** Initialises and starts a cluster in a directory of its own, reachable by unix socket only. */
export async function startPostgres(
  options: {
    /** Whether commits reach the disk before they are answered: for measuring, not for asking. */
    readonly durable?: boolean
    /** Reachable over TCP on this machine too, as grantd is: for measuring both alike. */
    readonly tcp?: boolean
  } = {},
): Promise<Postgres> {
  const majorVersion = await newestVersion()
  const bin = join(installations, String(majorVersion), 'bin')
  const account = await unprivilegedAccount()
  const directory = await mkdtemp(join(tmpdir(), 'grantd-postgres-'))
  if (account !== undefined) await chown(directory, account.uid, account.gid)
  const data = join(directory, 'data')
  const child = { cwd: directory, ...account }
  const fsync = options.durable === true ? 'on' : 'off'
  const port = options.tcp === true ? await freePort() : 5432
  const addresses = options.tcp === true ? '127.0.0.1' : ''
  try {
    await run(
      join(bin, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
      child,
    )
    const settings = `-c listen_addresses='${addresses}' -p ${port} -c fsync=${fsync} -c timezone=UTC -k ${directory}`
    await run(
      join(bin, 'pg_ctl'),
      ['-D', data, '-o', settings, '-l', join(directory, 'log'), '-w', 'start'],
      child,
    )
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
  return {
    host: options.tcp === true ? '127.0.0.1' : directory,
    port,
    user: 'postgres',
    database: 'postgres',
    majorVersion,
    async stop() {
      await run(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], child)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Free a moment ago; PostgreSQL cannot be told to choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  return address.port
}

async function newestVersion(): Promise<number> {
  const versions = (await readdir(installations)).map(Number).filter(Number.isInteger)
  if (versions.length === 0) throw new Error('differential tests need PostgreSQL to be installed')
  return Math.max(...versions)
}

/** PostgreSQL refuses to run as root; then it runs as the user that its packages made. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  )
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres')
  return { uid, gid }
}
