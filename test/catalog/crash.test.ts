import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, jest, test } from '@jest/globals'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/catalog.ts'

jest.setTimeout(60_000)

const directory = mkdtempSync(join(tmpdir(), 'grantd-crash-'))
const path = join(directory, 'catalog.sqlite')
afterAll(() => rmSync(directory, { recursive: true }))

const program = fileURLToPath(new URL('committing-child.ts', import.meta.url))

interface Run {
  /** Ids whose commit was acknowledged before the kill. */
  readonly acknowledged: readonly number[]
  readonly errorOutput: string
}

function startChild(limit?: string): ReturnType<typeof spawn> {
  const node = [process.execPath, '--import', 'tsx', program, path]
  // The shell sets a limit of its own process, then becomes the child.
  const command =
    limit === undefined ? node : ['bash', '-c', `${limit} && exec "$@"`, 'bash', ...node]
  const [file = '', ...args] = command
  return spawn(file, args, {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs until so many commits were acknowledged, then kills; or until the child ends by itself. */
async function run(options: {
  readonly killAfter?: number
  readonly limit?: string
}): Promise<Run> {
  const child = startChild(options.limit)
  let output = ''
  let errorOutput = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const count = output.split('\n').length - 1
    if (options.killAfter !== undefined && count >= options.killAfter) child.kill('SIGKILL')
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput += text
  })
  await once(child, 'close')
  return { acknowledged: output.split('\n').slice(0, -1).map(Number), errorOutput }
}

/** Opens as a start does: what was prepared when the process ended is decided first. */
function recover(): Catalog {
  const catalog = openCatalog({ path })
  for (const { transactionNumber } of catalog.openTransactions()) catalog.forget(transactionNumber)
  return catalog
}

function userIds(catalog: Catalog): readonly number[] {
  return [...catalog.load()].flatMap((effect) =>
    effect.kind === 'PutPrincipal' ? [effect.principal.id] : [],
  )
}

test('kill -9 at any moment: each acknowledged commit is there, none in part, no lock is left', async () => {
  const acknowledged: number[] = []
  for (const killAfter of [1, 7, 40]) {
    const outcome = await run({ killAfter })
    expect(outcome.errorOutput).toBe('')
    acknowledged.push(...outcome.acknowledged)
    const catalog = recover()
    const ids = userIds(catalog)
    expect(ids).toEqual(expect.arrayContaining(acknowledged))
    // At most the last commit before each kill was not acknowledged any more.
    expect(ids.length - acknowledged.length).toBeLessThanOrEqual(3)
    const statements = [...catalog.accessLog()].map(({ statement }) => statement)
    expect(statements).toEqual(ids.map((id) => `CREATE USER user${id}`))
    expect(catalog.epoch).toBe(ids.length)
    expect(ids).not.toContain(catalog.allocatePrincipalId())
    catalog.close()
  }
})

test('a disk that takes no more fails the commit with 58030 or 53100 and leaves what was there', async () => {
  const before = recover()
  const known = userIds(before)
  before.close()
  // In units of 1,024 bytes; a write beyond it fails as on a disk that is full, with another code.
  const outcome = await run({ limit: "trap '' XFSZ && ulimit -f 400" })
  expect(outcome.errorOutput).toMatch(/sqlState: '(58030|53100)'/)
  const catalog = recover()
  expect(userIds(catalog)).toEqual(expect.arrayContaining([...known, ...outcome.acknowledged]))
  catalog.close()
})
