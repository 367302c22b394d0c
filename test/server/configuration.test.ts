import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SqlError } from '../../errors/sql-error.ts'
import type { Configuration } from '../../server/configuration.ts'
import { readConfiguration } from '../../server/configuration.ts'
import { allKeys } from '../../server/configuration/keys.ts'
import { environmentName } from '../../server/configuration/settings.ts'

// Hundreds of configurations are read, beside other tests.
jest.setTimeout(30_000)

const directory = mkdtempSync(join(tmpdir(), 'grantd-configuration-'))
afterAll(() => rmSync(directory, { recursive: true }))

function readText(text: string, environment: Record<string, string> = {}): Configuration {
  const file = join(directory, 'server.conf')
  writeFileSync(file, text)
  return readConfiguration({ file, environment })
}

function refusalOf(read: () => unknown): SqlError {
  try {
    read()
  } catch (error) {
    if (error instanceof SqlError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

const defaults = readConfiguration({ environment: {} })

describe('defaults', () => {
  test('bind every endpoint to loopback, with the built-in admin of QuestDB', () => {
    expect(defaults.acl.admin).toEqual({ enabled: true, name: 'admin', password: 'quest' })
    const endpoints = [defaults.pg, defaults.http, defaults.httpMin, defaults.line.tcp]
    expect(endpoints.map(({ bindTo }) => bindTo)).toEqual([
      { host: '127.0.0.1', port: 8812, isLoopback: true },
      { host: '127.0.0.1', port: 9000, isLoopback: true },
      { host: '127.0.0.1', port: 9003, isLoopback: true },
      { host: '127.0.0.1', port: 9009, isLoopback: true },
    ])
    expect(endpoints.every(({ enabled, tls }) => enabled && tls === undefined)).toBe(true)
    expect(defaults.dataDirectory).toBe(resolve('data'))
    expect(defaults.pg.cleartextPasswordAllowed).toBe(false)
  })
})

describe('server.conf.example', () => {
  const text = readFileSync(
    fileURLToPath(new URL('../../server.conf.example', import.meta.url)),
    'utf8',
  )
  const settings = [...text.matchAll(/^#([a-z.]+)=(.*)$/gm)].map(([, key = '', value = '']) => ({
    key,
    value,
  }))

  test('names every key once, and no other', () => {
    expect(settings.map(({ key }) => key).toSorted()).toEqual(
      allKeys.map(({ name }) => name).toSorted(),
    )
  })

  test('shows the defaults', () => {
    const shown = settings.filter(({ value }) => value !== '')
    expect(readText(shown.map(({ key, value }) => `${key}=${value}`).join('\n'))).toEqual(defaults)
    const written = new Map(shown.map(({ key, value }) => [key, value]))
    for (const key of allKeys) {
      expect([key.name, 'default' in key ? key.default : undefined]).toEqual([
        key.name,
        written.get(key.name),
      ])
    }
  })

  test('is read as it stands', () => {
    expect(readText(text)).toEqual(defaults)
  })
})

describe('sources', () => {
  test('every key has an environment variable of its own', () => {
    const names = new Set(allKeys.map(({ name }) => environmentName(name)))
    expect(names.size).toBe(allKeys.length)
    expect(names.has('GRANTD_PG_NET_BIND_TO')).toBe(true)
  })

  test('the environment goes before the file', () => {
    const read = readText('pg.net.bind.to=127.0.0.1:1\nhttp.net.bind.to=127.0.0.1:2', {
      GRANTD_PG_NET_BIND_TO: '127.0.0.1:3',
      PATH: '/bin',
    })
    expect([read.pg.bindTo.port, read.http.bindTo.port]).toEqual([3, 2])
  })

  test('comments, blank lines, line ends of other systems and a byte order mark do not matter', () => {
    const read = readText('\uFEFF# a comment\r\n\r\n  pg.enabled = false \r\n#pg.enabled=true\r\n')
    expect(read.pg.enabled).toBe(false)
  })

  test('a value may hold # and =', () => {
    expect(readText('acl.admin.password=a#b=c').acl.admin.password).toBe('a#b=c')
  })

  test.each([
    ['a line without =', 'pg.enabled', ':1: expected key=value or a # comment'],
    ['a line without a key', '=true', ':1: expected key=value'],
    ['a key that stands twice', 'pg.enabled=true\n\npg.enabled=true', ':3: the key is set twice'],
  ])('%s is refused with its place', (_, text, message) => {
    expect(refusalOf(() => readText(text)).message).toContain(`server.conf${message}`)
  })

  test('a file that is not there is refused', () => {
    const file = join(directory, 'none.conf')
    expect(refusalOf(() => readConfiguration({ file, environment: {} }))).toMatchObject({
      sqlState: 'F0000',
      severity: 'FATAL',
      message: expect.stringContaining('none.conf'),
    })
  })
})

describe('an unknown key stops the start', () => {
  test.each([
    ['pg.net.bind', 'x', 'pg.net.bind.to'],
    ['PG.ENABLED', 'true', 'pg.*'],
    ['cairo.root', 'db', 'cairo.sql.backup.root'],
    ['shared.worker.count', '2', 'data.*'],
  ])('%s', (key, value, accepted) => {
    const { message } = refusalOf(() => readText(`${key}=${value}`))
    expect(message).toContain(`unknown key [key=${key}, value=${value}]`)
    expect(message).toContain(accepted)
  })

  test('in the environment too', () => {
    const environment = { GRANTD_PG_NET_BIND: 'x' }
    const { message } = refusalOf(() => readConfiguration({ environment }))
    expect(message).toContain('GRANTD_PG_NET_BIND: unknown key [key=pg.net.bind, value=x]')
  })

  test('a value that looks like a secret is not repeated', () => {
    const { message } = refusalOf(() => readText('acl.admin.pasword=a\nacl.admin.passwort=hunter2'))
    expect(message).not.toContain('hunter2')
  })
})

describe('a key of servers without access control is refused and the ACL named', () => {
  test.each([
    'pg.user',
    'pg.password',
    'pg.readonly.user',
    'pg.readonly.user.enabled',
    'pg.readonly.password',
    'http.user',
    'http.password',
    'pg.security.readonly',
    'http.security.readonly',
  ])('%s', (key) => {
    const { message } = refusalOf(() => readText(`${key}=hunter2`))
    expect(message).toContain(
      'belongs to servers without access control: use CREATE USER and GRANT',
    )
    expect(message).toContain(`key=${key}`)
    if (key.includes('password')) expect(message).not.toContain('hunter2')
  })
})

describe('bad values', () => {
  test.each([
    ['acl.enabled', 'false', 'does not run without access control'],
    ['acl.oidc.enabled', 'true', 'OpenID Connect is not part of this version'],
    ['acl.oidc.host', 'example.org', 'OpenID Connect'],
    ['line.tcp.acl.enabled', 'false', 'would act as nobody'],
    ['line.tcp.auth.db.path', 'auth.txt', 'is not read'],
    ['pg.enabled', 'yes', 'expected true or false'],
    ['pg.enabled', 'TRUE', 'expected true or false'],
    ['pg.enabled', '', 'expected true or false'],
    ['data.dir', '', 'expected a path'],
    ['log.level', 'verbose', 'expected one of silent, fatal, error, warn, info, debug'],
    ['query.timeout', '0', 'expected a time'],
    ['query.timeout', '-1', 'expected a time'],
    ['query.timeout', '5 m', 'expected a time'],
    ['query.timeout', '5w', 'expected a time'],
    ['query.timeout', '31d', 'from 1ms to 30d'],
    ['query.timeout', '99999999999999999999s', 'expected a time'],
    ['store.memory.limit', '63m', 'from 64m'],
    ['store.memory.limit', '1t', 'expected a size'],
    ['store.memory.limit', '1.5g', 'expected a size'],
    ['store.threads', '0', 'expected an integer from 1'],
    ['store.threads', '2.0', 'expected an integer'],
    ['store.threads', '1e1', 'expected an integer'],
    ['acl.entity.name.max.length', '0', 'expected an integer from 1'],
    ['acl.admin.user', 'a:b', 'expected a name'],
    ['acl.admin.user', '_SSO', 'expected a name'],
    ['acl.admin.user', '', 'expected a name'],
    ['acl.admin.user', 'a\tb', 'expected a name'],
    ['acl.admin.user', 'a'.repeat(256), 'at most 255 characters'],
    ['acl.admin.password', '', 'expected a password'],
    ['acl.admin.password', 'é'.repeat(513), 'expected a password of 1 to 1024 bytes'],
    ['pg.net.bind.to', '8812', 'expected host:port'],
    ['pg.net.bind.to', '127.0.0.1', 'expected host:port'],
    ['pg.net.bind.to', '127.0.0.1:65536', 'expected host:port'],
    ['pg.net.bind.to', '127.0.0.1:-1', 'expected host:port'],
    ['pg.net.bind.to', '127.0.0.256:1', 'expected host:port'],
    ['pg.net.bind.to', '::1:8812', 'expected host:port'],
    ['pg.net.bind.to', '[localhost]:8812', 'expected host:port'],
    ['pg.net.bind.to', ':8812', 'expected host:port'],
    ['query.slots.per.principal', '8', 'fewer than query.slots (8)'],
    ['store.process.memory.limit', '1g', 'more than store.memory.limit'],
  ])('%s=%s is refused with the reason', (key, value, reason) => {
    const error = refusalOf(() =>
      readConfiguration({ environment: { [environmentName(key)]: value } }),
    )
    expect(error.sqlState).toBe('F0000')
    expect(error.message).toContain(reason)
    expect(error.message).toContain(`key=${key}`)
    if (key.includes('password') && value !== '') expect(error.message).not.toContain(value)
    else if (!key.includes('password')) expect(error.message).toContain(`value=${value}`)
  })

  test('any text is a configuration or an error of the configuration', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom(...allKeys), fc.string())
        .map(([{ name }, text]) => `${name}=${text}`),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          readText(lines.join('\n'))
        } catch (error) {
          expect(error).toMatchObject({ name: 'SqlError', sqlState: 'F0000' })
        }
      }),
    )
  })
})

describe('good values', () => {
  test.each([
    ['250ms', 250],
    ['250', 250],
    ['1s', 1000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('query.timeout=%s', (value, expected) => {
    expect(readText(`query.timeout=${value}`).query.timeoutMs).toBe(expected)
  })

  test.each([
    ['134217728', 134_217_728],
    ['131072k', 134_217_728],
    ['512m', 536_870_912],
    ['2G', 2_147_483_648],
  ])('store.memory.limit=%s', (value, expected) => {
    expect(readText(`store.memory.limit=${value}`).store.memoryLimitBytes).toBe(expected)
  })

  test.each([
    ['127.0.0.1:0', '127.0.0.1', true],
    ['127.9.9.9:1', '127.9.9.9', true],
    ['localhost:1', 'localhost', true],
    ['[::1]:1', '::1', true],
    ['[::ffff:127.0.0.1]:1', '::ffff:127.0.0.1', true],
    ['0.0.0.0:1', '0.0.0.0', false],
    ['[::]:1', '::', false],
    ['db.example.org:1', 'db.example.org', false],
    ['localhost.example.org:1', 'localhost.example.org', false],
    ['127.example.org:1', '127.example.org', false],
  ])('pg.net.bind.to=%s', (value, host, isLoopback) => {
    const { bindTo } = readText(`acl.admin.password=other\npg.net.bind.to=${value}`).pg
    expect([bindTo.host, bindTo.isLoopback]).toEqual([host, isLoopback])
  })

  test.each([
    ['1', 1],
    ['2', 1],
    ['4', 3],
    ['8', 6],
  ])('with query.slots=%s one principal leaves others a slot', (slots, expected) => {
    expect(readText(`query.slots=${slots}`).query.slotsPerPrincipal).toBe(expected)
  })
})

describe('the well-known password', () => {
  test.each(['pg.net.bind.to', 'http.net.bind.to', 'line.tcp.net.bind.to'])(
    'is refused when %s is not a loopback address',
    (key) => {
      const { message } = refusalOf(() => readText(`${key}=0.0.0.0:5000`))
      expect(message).toContain('accepted on loopback addresses only')
      expect(message).toContain(`key=${key}, value=0.0.0.0:5000`)
    },
  )

  test.each([
    ['another password', 'acl.admin.password=other'],
    ['no built-in admin', 'acl.admin.user.enabled=false'],
    ['the endpoint off', 'pg.enabled=false'],
  ])('does not matter with %s', (_, line) => {
    expect(readText(`pg.net.bind.to=0.0.0.0:5000\n${line}`).pg.bindTo.isLoopback).toBe(false)
  })

  test('does not matter for the health check, where nobody logs in', () => {
    expect(readText('http.min.net.bind.to=0.0.0.0:5000').httpMin.bindTo.port).toBe(5000)
  })
})

/** A certificate and its key, made for the test. */
function makePair(name: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)]
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1'
  const parts = [...request.split(' '), '-subj', `/CN=${name}`, '-keyout', key, '-out', cert]
  execFileSync('openssl', parts, { stdio: 'ignore' })
  return { cert, key }
}

describe('TLS', () => {
  const [a, b] = [makePair('a'), makePair('b')]
  const files = `tls.cert.path=${a.cert}\ntls.private.key.path=${a.key}`

  test('is on for every endpoint when its files are set', () => {
    const read = readText(files)
    for (const endpoint of [read.pg, read.http, read.httpMin, read.line.tcp]) {
      expect(endpoint.tls).toEqual({ certPath: a.cert, keyPath: a.key })
    }
  })

  test('of one endpoint goes before that of all', () => {
    const read = readText(`${files}\npg.tls.cert.path=${b.cert}\npg.tls.private.key.path=${b.key}`)
    expect([read.pg.tls?.certPath, read.http.tls?.certPath]).toEqual([b.cert, a.cert])
  })

  test('can be switched off for one endpoint, or for all but one', () => {
    expect(readText(`${files}\npg.tls.enabled=false`).pg.tls).toBeUndefined()
    const read = readText(`${files}\ntls.enabled=false\npg.tls.enabled=true`)
    expect([read.pg.tls?.certPath, read.http.tls]).toEqual([a.cert, undefined])
  })

  test.each([
    [
      'a certificate without key',
      `tls.cert.path=${a.cert}`,
      'tls.private.key.path must be set too',
    ],
    ['a key without certificate', `tls.private.key.path=${a.key}`, 'tls.cert.path must be set too'],
    [
      'an override of one of the two',
      `${files}\npg.tls.cert.path=${b.cert}`,
      'pg.tls.private.key.path must be set too',
    ],
    ['TLS without files', 'tls.enabled=true', 'TLS needs'],
    ['TLS of one endpoint without files', 'http.tls.enabled=true', 'TLS needs http.tls.cert.path'],
    [
      'a file that is not there',
      `tls.cert.path=${a.cert}\ntls.private.key.path=none.key`,
      'the file cannot be read',
    ],
    [
      'the key of another certificate',
      `tls.cert.path=${a.cert}\ntls.private.key.path=${b.key}`,
      'expected a PEM certificate chain that belongs to tls.private.key.path',
    ],
    [
      'a file that holds no certificate',
      `tls.cert.path=${a.key}\ntls.private.key.path=${a.key}`,
      'expected a PEM certificate chain',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(refusalOf(() => readText(text)).message).toContain(message)
  })
})

function rootOf(text: string): string {
  return readText(`data.dir=/srv/grantd\n${text}`).backupRoot
}

describe('cairo.sql.backup.root', () => {
  test('is beside the tables unless it says otherwise', () => {
    expect(rootOf('')).toBe('/srv/grantd/backup')
    expect(rootOf('cairo.sql.backup.root=/mnt/backups')).toBe('/mnt/backups')
    expect(rootOf('cairo.sql.backup.root=/srv/grantd/elsewhere')).toBe('/srv/grantd/elsewhere')
    expect(rootOf('cairo.sql.backup.root=/srv/grantd2')).toBe('/srv/grantd2')
  })

  // The engine may write below it.
  test.each([
    '/srv/grantd',
    '/srv',
    '/',
    '/srv/grantd/store',
    '/srv/grantd/store/files',
    '/srv/grantd/x/../store/y',
    '/srv/grantd/checkpoint',
    '/srv/grantd/catalog.sqlite',
  ])('is refused at %s', (root) => {
    expect(refusalOf(() => rootOf(`cairo.sql.backup.root=${root}`)).message).toContain(
      'cairo.sql.backup.root',
    )
  })
})
