import { execFile, type PromiseWithChild } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { FakeHandler } from './fake-handler.ts'
import { serveFake, type FakeServer } from './serve-fake.ts'

jest.setTimeout(30_000)

const run = promisify(execFile)

let server: FakeServer

beforeAll(async () => {
  server = await serveFake()
})

afterAll(async () => {
  await server.listener.close()
})

interface Said {
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

async function psql(commands: readonly string[], environment: Environment = {}): Promise<Said> {
  try {
    return await start(
      commands.flatMap((command) => ['-c', command]),
      environment,
    )
  } catch (error) {
    return saidBy(error)
  }
}

/** The script comes from standard input. */
function psqlScript(script: string): PromiseWithChild<Said> {
  const running = start(['-f', '-'])
  running.child.stdin?.end(script)
  return running
}

function start(args: readonly string[], environment: Environment = {}): PromiseWithChild<Said> {
  const base = { ...process.env, PGPASSWORD: 'secret', PGCONNECT_TIMEOUT: '5' }
  const connection = `host=127.0.0.1 port=${server.port} user=bob dbname=qdb`
  return run('psql', [connection, '-XAtq', ...args], { env: { ...base, ...environment } })
}

function saidBy(error: unknown): Said {
  if (typeof error === 'object' && error !== null && 'stderr' in error && 'stdout' in error) {
    return { stdout: String(error.stdout), stderr: String(error.stderr) }
  }
  throw error
}

describe('psql', () => {
  test('connects and asks', async () => {
    expect(await psql(["select 1 as a; select 'é😀' as t"])).toEqual({
      stdout: '1\né😀\n',
      stderr: '',
    })
  })

  test('shows where an error is', async () => {
    const { stderr } = await psql(["select 'é', * from missing"])
    expect(stderr).toBe(
      'ERROR:  table does not exist [table=missing]\n' +
        "LINE 1: select 'é', * from missing\n" +
        '                           ^\n',
    )
  })

  test('reads a large result', async () => {
    const { stdout } = await psql(['select generate_series(1, 20000) as n'])
    expect(stdout.split('\n')).toHaveLength(20_001)
  })

  test('is told of a wrong password', async () => {
    const { stderr } = await psql(['select 1 as a'], { PGPASSWORD: 'wrong' })
    expect(stderr).toContain('FATAL:  invalid username/password')
  })

  test('hands over PGOPTIONS and its other settings', async () => {
    await psql(['select 1 as a'], {
      PGOPTIONS: '-c search_path=one,\\ two --statement_timeout=5s',
      PGAPPNAME: 'a test',
      PGTZ: 'Asia/Tokyo',
    })
    expect(server.logins.at(-1)).toMatchObject({
      user: 'bob',
      database: 'qdb',
      settings: [
        ['search_path', 'one, two'],
        ['statement_timeout', '5s'],
        ['application_name', 'a test'],
        ['timezone', 'Asia/Tokyo'],
      ],
    })
  })

  test('cancels a statement with Ctrl-C', async () => {
    const before = server.handlers.length
    const script = psqlScript("select pg_sleep(60);\nselect 'on' as t;\n")
    const handler = await nextHandler(before)
    await handler.sleeps
    script.child.kill('SIGINT')
    const { stdout, stderr } = await script.catch(saidBy)
    expect(stderr).toContain('ERROR:  canceling statement due to user request')
    expect(stdout).toBe('')
    expect(handler.cancelCount).toBe(1)
  })
})

/** Waits for the session of a client that was just started. */
async function nextHandler(before: number): Promise<FakeHandler> {
  for (;;) {
    const handler = server.handlers[before]
    if (handler !== undefined) return handler
    await new Promise((resolve) => setImmediate(resolve))
  }
}
