import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { SqlError } from '../../../errors/sql-error.ts'
import { readSettings, type Configuration } from '../../../server/configuration.ts'
import { allKeys } from '../../../server/configuration/keys.ts'
import { LiveConfiguration } from '../../../server/control/live-configuration.ts'

let directory = ''
let file = ''
let log = ''
const logger = pino({ base: null }, { write: (line: string) => void (log += line) })

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-live-'))
  file = join(directory, 'server.conf')
  log = ''
})

afterEach(() => rmSync(directory, { recursive: true }))

/** A configuration read from a text, and what was put in force since. */
function started(
  text: string,
  options: { readonly environment?: Record<string, string>; readonly fails?: boolean } = {},
): { readonly live: LiveConfiguration; readonly inForce: Configuration[] } {
  writeFileSync(file, text)
  const sources = { file, environment: options.environment ?? {} }
  const inForce: Configuration[] = []
  const live = new LiveConfiguration({
    sources,
    settings: readSettings(sources),
    logger,
    prepare: async (configuration) => {
      if (options.fails === true) throw new SqlError('53300', 'too much to do')
      return () => void inForce.push(configuration)
    },
  })
  return { live, inForce }
}

function shown(live: LiveConfiguration, key: string): unknown {
  return live.parameters().find((row) => row.key === key)
}

describe('SHOW PARAMETERS', () => {
  test('has one row for each key, by name', () => {
    const { live } = started('')
    const keys = live.parameters().map(({ key }) => key)
    expect(keys).toEqual(allKeys.map(({ name }) => name).toSorted())
  })

  test('says where a value comes from; the environment goes before the file', () => {
    const { live } = started('query.timeout=1m\nquery.slots=4', {
      environment: { GRANTD_QUERY_SLOTS: '6' },
    })
    expect(shown(live, 'query.timeout')).toMatchObject({ value: '1m', source: 'conf' })
    expect(shown(live, 'query.slots')).toMatchObject({ value: '6', source: 'env' })
    expect(shown(live, 'store.threads')).toMatchObject({ value: '2', source: 'default' })
    expect(shown(live, 'acl.admin.password')).toMatchObject({ sensitive: true, reloadable: true })
  })
})

describe('reload', () => {
  test('puts what changed in force, once', async () => {
    const { live, inForce } = started('query.timeout=1m')
    expect(await live.reload()).toBe(false)
    writeFileSync(file, 'query.timeout=2m\nlog.level=debug')
    expect(await Promise.all([live.reload(), live.reload()])).toEqual([true, false])
    expect(inForce.map(({ logLevel, query }) => [logLevel, query.timeoutMs])).toEqual([
      ['debug', 120_000],
    ])
    writeFileSync(file, '')
    expect(await live.reload()).toBe(true)
    expect(inForce.at(-1)?.query.timeoutMs).toBe(300_000)
    expect(shown(live, 'query.timeout')).toMatchObject({ value: '5m', source: 'default' })
  })

  test('leaves keys that need a restart as they are, and says so in the log', async () => {
    const { live, inForce } = started('')
    writeFileSync(file, 'query.slots=3\nquery.timeout=2m')
    expect(await live.reload()).toBe(true)
    expect(inForce.at(-1)?.query).toMatchObject({ slots: 8, timeoutMs: 120_000 })
    expect(shown(live, 'query.slots')).toMatchObject({ value: '8' })
    expect(log).toContain('"keys":["query.slots"],"msg":"changed keys that need a restart"')
  })

  test('holds values against those that are in force, not against those that wait', async () => {
    const { live, inForce } = started('query.slots=4')
    // Fewer than query.slots as the file has it, but not as it is.
    writeFileSync(file, 'query.slots=20\nquery.slots.per.principal=10')
    expect(await live.reload()).toBe(false)
    expect(inForce).toEqual([])
    expect(log).toContain('expected fewer than query.slots (4)')
  })

  test.each([
    ['no.such.key=1', 'unknown key'],
    ['query.timeout=soon', 'bad value'],
    ['store.threads=many', 'bad value'],
    ['acl.enabled=false', 'grantd does not run without access control'],
    ['query.timeout', 'expected key=value'],
  ])('applies nothing of a file with %s', async (line, reason) => {
    const { live, inForce } = started('')
    writeFileSync(file, `log.level=debug\n${line}`)
    expect(await live.reload()).toBe(false)
    expect(inForce).toEqual([])
    expect(log).toContain(reason)
    expect(shown(live, 'log.level')).toMatchObject({ value: 'info' })
  })

  test('applies nothing when it cannot be made ready, and says no secret', async () => {
    const { live, inForce } = started('', { fails: true })
    writeFileSync(file, 'acl.admin.password=vErYsEcReT')
    expect(await live.reload()).toBe(false)
    expect(inForce).toEqual([])
    expect(log).toContain('too much to do')
    writeFileSync(file, 'acl.admin.password=\n')
    expect(await live.reload()).toBe(false)
    rmSync(file)
    expect(await live.reload()).toBe(false)
    expect(log).not.toContain('vErYsEcReT')
  })
})
