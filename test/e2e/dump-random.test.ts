/** SHOW CREATE DATABASE of random databases, through real psql into an empty server (questdb-rbac.md, W13). */
import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import type { Client } from 'pg'
import { databaseStatements, rowwiseStatement } from '../random-database.ts'
import { failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'
import { answer } from './permission-cases/run-permission-case.ts'
import { psql } from './psql.ts'

/** Another database: DUMP_SEED=7. */
const firstSeed = Number(process.env['DUMP_SEED'] ?? Date.now() % 1_000_000_000)
const seeds = [firstSeed, firstSeed + 1, firstSeed + 2]

const directory = await mkdtemp(join(tmpdir(), 'grantd-dump-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What a statement comes to: its rows, or what it is refused with. */
async function outcome(client: Client, text: string): Promise<unknown> {
  try {
    return (await answer(client, text)).rows
  } catch (error) {
    const { code, message } = await failure(Promise.reject(error))
    return `${String(code)} ${message}`
  }
}

async function names(client: Client, text: string): Promise<readonly string[]> {
  return (await answer(client, text)).rows.map(
    ([name]) => `"${String(name).replaceAll('"', '""')}"`,
  )
}

/** All that SHOW tells the admin about principals, their access, and relations. */
async function everything(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const users = await names(client, 'SHOW USERS')
  const groups = await names(client, 'SHOW GROUPS')
  const accounts = await names(client, 'SHOW SERVICE ACCOUNTS')
  const relations = await names(client, 'SHOW TABLES')
  const questions = [
    'SHOW USERS',
    'SHOW GROUPS',
    'SHOW SERVICE ACCOUNTS',
    'SHOW TABLES',
    ...[...users, ...groups, ...accounts].map((name) => `SHOW PERMISSIONS ${name}`),
    ...users.flatMap((name) => [`SHOW GROUPS ${name}`, `SHOW USER ${name}`]),
    ...[...users, ...groups].map((name) => `SHOW SERVICE ACCOUNTS ${name}`),
    ...accounts.map((name) => `SHOW SERVICE ACCOUNT ${name}`),
    ...relations.flatMap((name) => [
      `SHOW COLUMNS FROM ${name}`,
      `SHOW CREATE TABLE ${name}`,
      `SHOW CREATE VIEW ${name}`,
    ]),
    'SELECT * FROM active_grants()',
    'SELECT * FROM active_permissions()',
    'SHOW CREATE DATABASE',
  ]
  const told: Record<string, unknown> = {}
  for (const question of questions) told[question] = await outcome(client, question)
  return told
}

/** Makes what grants may wait for: grantees, tables and columns of the names that they name (G44). */
const awakening = [
  'CREATE USER later',
  'CREATE USER "Läter"',
  'CREATE USER bob',
  'CREATE GROUP desk',
  ...['t', 'u', `"T 'x'"`, 'later_t', 'v', 'w'].map(
    (name) =>
      `CREATE TABLE ${name} (a INT, b INT, "C ""d""" INT, ts TIMESTAMP, later_c INT) TIMESTAMP(ts)`,
  ),
]

async function replay(grantd: Grantd, seed: number, dump: string): Promise<void> {
  const file = join(directory, `${seed}.sql`)
  await writeFile(file, dump)
  const result = await psql(grantd, admin, ['-v', 'ON_ERROR_STOP=1', '-q', '-f', file])
  expect(result.errors.split('\n').filter((line) => line.includes('ERROR'))).toEqual([])
  expect(result.exitCode).toBe(0)
}

const dumpOf = async (grantd: Grantd): Promise<string> =>
  (await psql(grantd, admin, ['-Atc', 'SHOW CREATE DATABASE'])).output

test.each(seeds)('of the database of seed %i, replayed, makes the same database', async (seed) => {
  const length = { minLength: 150, maxLength: 200 }
  const sample = { seed, numRuns: 1 }
  const [statements = []] = fc.sample(databaseStatements(length, rowwiseStatement), sample)
  const [original, replayed] = await Promise.all([startGrantd(), startGrantd()])
  try {
    const [here, there] = await Promise.all([connect(original, admin), connect(replayed, admin)])
    let refused = 0
    for (const statement of statements) {
      const said = await outcome(here, statement)
      if (typeof said !== 'string') continue
      // Refused for a reason: a fault of the server's own would be XX000.
      expect([statement, said]).not.toEqual([statement, expect.stringMatching(/^(XX|58|57)/)])
      refused += 1
    }
    const dump = await dumpOf(original)
    process.stdout.write(
      `dump of seed ${seed}: ${statements.length} statements, ${refused} of them refused, ` +
        `${dump.split('\n').length} lines\n`,
    )
    expect(statements.length - refused).toBeGreaterThan(25)
    await replay(replayed, seed, dump)
    expect(await dumpOf(replayed)).toBe(dump)
    expect(await everything(there)).toEqual(await everything(here))
    // What waits waits there, too.
    for (const statement of awakening) {
      expect(await outcome(there, statement)).toEqual(await outcome(here, statement))
    }
    expect(await everything(there)).toEqual(await everything(here))
    await Promise.all([here.end(), there.end()])
  } finally {
    await Promise.all([original.remove(), replayed.remove()])
  }
})
