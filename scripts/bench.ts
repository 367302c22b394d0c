/**
 * How fast, next to a local PostgreSQL in the same run: A and B alternate, and the ratio of medians is
 * what counts (performance.md, section 1). Prints; passes and fails nothing.
 */
import { cpus } from 'node:os'
import { admin, startGrantd } from '../test/e2e/grantd.ts'
import { startPostgres } from '../test/postgres.ts'
import type { WireTarget } from './bench-parts/wire-client.ts'
import { queryFrame, WireClient } from './bench-parts/wire-client.ts'

const rounds = 5
const roundMs = 1500
const warmUpMs = 1000
const streamedRows = 1_000_000

interface Workload {
  readonly name: string
  readonly clients: number
  readonly unit: string
  /** Work per second in one round. */
  readonly run: (clients: readonly WireClient[]) => Promise<number>
}

/** The same statement again and again, from each client as soon as it is answered. */
function statements(name: string, clients: number, sql: string): Workload {
  const query = queryFrame(sql)
  const run = async (connections: readonly WireClient[]): Promise<number> =>
    repeat(connections, query, roundMs)
  return {
    name: `${name}, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    clients,
    unit: 'statements/s',
    run,
  }
}

async function repeat(
  connections: readonly WireClient[],
  query: Buffer,
  ms: number,
): Promise<number> {
  const begin = performance.now()
  let count = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - begin < ms) {
        await connection.run(query)
        count += 1
      }
    }),
  )
  return (count * 1000) / (performance.now() - begin)
}

const stream: Workload = {
  name: `SELECT of ${streamedRows / 1_000_000} M rows x 4, text format`,
  clients: 1,
  unit: 'rows/s',
  run: async ([client]) => {
    const begin = performance.now()
    const rows = (await client?.run(queryFrame('SELECT ts, name, price, id FROM big'))) ?? 0
    return (rows * 1000) / (performance.now() - begin)
  },
}

const workloads: readonly Workload[] = [
  statements('cached point SELECT', 1, 'SELECT name FROM points WHERE id = 4711'),
  statements('cached point SELECT', 8, 'SELECT name FROM points WHERE id = 4711'),
  statements('cached INSERT', 1, 'INSERT INTO sink VALUES (1, 2.5)'),
  statements('cached INSERT', 8, 'INSERT INTO sink VALUES (1, 2.5)'),
  statements('SELECT without a table', 8, 'SELECT 1'),
  stream,
]

const setUp = [
  'CREATE TABLE points (id int PRIMARY KEY, name text)',
  "INSERT INTO points SELECT i::int, 'name ' || i::text FROM generate_series(1, 100000) AS g(i)",
  'CREATE TABLE sink (a int, b float8)',
  'CREATE TABLE big (id int, ts timestamp, name text, price float8)',
  `INSERT INTO big SELECT i::int, timestamp '2024-01-01 00:00:00' + i * interval '1 second', ` +
    `'name ' || (i % 1000)::text, i::float8 / 8 FROM generate_series(1, ${streamedRows}) AS g(i)`,
]

async function prepared(target: WireTarget): Promise<void> {
  const client = await WireClient.connect(target)
  for (const sql of setUp) await client.run(queryFrame(sql))
  client.end()
}

async function open(target: WireTarget, count: number): Promise<readonly WireClient[]> {
  return Promise.all(Array.from({ length: count }, async () => WireClient.connect(target)))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

async function compare(
  workload: Workload,
  grantd: WireTarget,
  postgres: WireTarget,
): Promise<string> {
  const ours = await open(grantd, workload.clients)
  const theirs = await open(postgres, workload.clients)
  if (workload !== stream) {
    const warm = queryFrame('SELECT 1')
    await Promise.all([repeat(ours, warm, warmUpMs / 2), repeat(theirs, warm, warmUpMs / 2)])
  }
  const figures: { readonly grantd: number[]; readonly postgres: number[] } = {
    grantd: [],
    postgres: [],
  }
  for (let round = 0; round < rounds; round += 1) {
    figures.grantd.push(await workload.run(ours))
    figures.postgres.push(await workload.run(theirs))
  }
  for (const client of [...ours, ...theirs]) client.end()
  const [a, b] = [median(figures.grantd), median(figures.postgres)]
  const cells = [workload.name, format(a), format(b), (a / b).toFixed(2), workload.unit]
  return `| ${cells.join(' | ')} |`
}

function format(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

const postgres = await startPostgres({ durable: true, tcp: true })
const server = await startGrantd()
try {
  const grantdTarget = { host: '127.0.0.1', port: server.port, database: 'grantd', ...admin }
  const postgresTarget = {
    host: postgres.host,
    port: postgres.port,
    user: postgres.user,
    database: postgres.database,
  }
  await prepared(grantdTarget)
  await prepared(postgresTarget)
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, ` +
      `PostgreSQL ${postgres.majorVersion}; client on the same machine; medians of ${rounds} rounds`,
  )
  console.log('| what | grantd | PostgreSQL | ratio | unit |')
  console.log('|---|---:|---:|---:|---|')
  for (const workload of workloads)
    console.log(await compare(workload, grantdTarget, postgresTarget))
} finally {
  await server.remove()
  await postgres.stop()
}
