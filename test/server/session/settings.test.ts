import { describe, expect, test } from '@jest/globals'
import { SqlError } from '../../../errors/sql-error.ts'
import type { SettingValues } from '../../../server/session/settings.ts'
import {
  acceptIsolation,
  allSettings,
  loginSettings,
  parseDurationMs,
  reportedSettings,
  searchPathOf,
  settingLabel,
  settingValue,
  withoutSetting,
  withSetting,
} from '../../../server/session/settings.ts'

const initial: SettingValues = loginSettings({ name: 'jane', isBuiltInAdmin: false })

function after(name: string, value: string): string {
  return settingValue(withSetting(initial, name, value), name)
}

function sqlStateOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof SqlError ? error.sqlState : 'no SqlError'
  }
}

describe('SET', () => {
  test.each([
    ['client_encoding', 'UTF8', 'UTF8'],
    ['client_encoding', "'utf-8'", 'UTF8'],
    ['client_encoding', 'UNICODE', 'UTF8'],
    ['client_encoding', 'SQL_ASCII', 'UTF8'],
    ['DateStyle', 'ISO', 'ISO, MDY'],
    ['datestyle', 'iso, mdy', 'ISO, MDY'],
    ['TimeZone', 'utc', 'UTC'],
    ['time zone', 'Europe/Berlin', 'Europe/Berlin'],
    ['extra_float_digits', '2', '2'],
    ['jit', 'FALSE', 'off'],
    ['statement_timeout', '90s', '90s'],
    ['statement_timeout', '60000', '1min'],
    ['statement_timeout', '1500', '1500ms'],
    ['statement_timeout', '0', '0'],
    ['client_min_messages', 'WARNING', 'warning'],
    ['standard_conforming_strings', 'true', 'on'],
    ['application_name', 'an app', 'an app'],
    ['search_path', 'public', 'public'],
    ['app.tenant', '42', '42'],
    ['default_transaction_isolation', 'Read  Committed', 'read committed'],
  ])('takes %s = %s as %s', (name, value, canonical) => {
    expect(after(name, value)).toBe(canonical)
  })

  test.each([
    ['an unknown name', 'nonsense', '1', '42704'],
    ['a setting that says a fact', 'server_version', '16', '55000'],
    ['another encoding', 'client_encoding', 'LATIN1', '22023'],
    ['another date style', 'DateStyle', 'German', '22023'],
    ['an unknown time zone', 'TimeZone', 'Mars/Olympus', '22023'],
    ['strings with backslashes', 'standard_conforming_strings', 'off', '22023'],
    ['what is no integer', 'extra_float_digits', 'many', '22023'],
    ['an integer out of range', 'extra_float_digits', '4', '22023'],
    ['what is no boolean', 'jit', 'maybe', '22023'],
    ['a duration with an unknown unit', 'statement_timeout', '3 weeks', '22023'],
    ['a duration too long', 'statement_timeout', '9000d', '22023'],
    ['a level that is not had', 'transaction_isolation', 'serializable', '0A000'],
    ['a value beyond the bound', 'application_name', 'x'.repeat(9000), '22023'],
  ])('refuses %s', (_what, name, value, sqlState) => {
    expect(sqlStateOf(() => withSetting(initial, name, value))).toBe(sqlState)
  })

  test('bounds how many settings of its own a session invents', () => {
    let values = initial
    for (let n = 0; n < 64; n += 1) values = withSetting(values, `app.s${n}`, 'x')
    expect(sqlStateOf(() => withSetting(values, 'app.one_more', 'x'))).toBe('53400')
    expect(settingValue(withSetting(values, 'app.s0', 'y'), 'app.s0')).toBe('y')
  })

  test('leaves the values that it started from as they were', () => {
    withSetting(initial, 'application_name', 'changed')
    expect(settingValue(initial, 'application_name')).toBe('')
  })
})

describe('RESET', () => {
  test('goes back to what the session began with, not to what the server would', () => {
    const began = withSetting(initial, 'TimeZone', 'Europe/Berlin')
    const changed = withSetting(began, 'TimeZone', 'Asia/Tokyo')
    expect(settingValue(withoutSetting(changed, 'TimeZone', began), 'TimeZone')).toBe(
      'Europe/Berlin',
    )
  })

  test('forgets a setting that the session invented', () => {
    const values = withSetting(initial, 'app.tenant', '42')
    expect(
      sqlStateOf(() => settingValue(withoutSetting(values, 'app.tenant', initial), 'app.tenant')),
    ).toBe('42704')
  })
})

describe('what a session says of itself', () => {
  test('is that the built-in admin is a superuser, and nobody else', () => {
    const told = new Map(reportedSettings(initial))
    expect(told.get('is_superuser')).toBe('off')
    expect(told.get('session_authorization')).toBe('jane')
    const admin = new Map(reportedSettings(loginSettings({ name: 'admin', isBuiltInAdmin: true })))
    expect(admin.get('is_superuser')).toBe('on')
  })

  test('holds every status that clients wait for (client-compatibility.md, section 1)', () => {
    const names = reportedSettings(initial).map(([name]) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'server_version',
        'server_encoding',
        'client_encoding',
        'DateStyle',
        'TimeZone',
        'IntervalStyle',
        'integer_datetimes',
        'standard_conforming_strings',
        'is_superuser',
        'session_authorization',
        'application_name',
        'default_transaction_read_only',
        'in_hot_standby',
      ]),
    )
  })

  test('is listed by SHOW ALL under the names of PostgreSQL', () => {
    expect(allSettings(initial).map(({ name }) => name)).toContain('DateStyle')
    expect(settingLabel('datestyle')).toBe('DateStyle')
    expect(settingLabel('time zone')).toBe('TimeZone')
  })
})

test.each([
  ['"$user", public', ['public']],
  ['public', ['public']],
  ['"Tenant A", public', ['Tenant A', 'public']],
  ['', []],
])('search_path %s looks in %j', (value, schemas) => {
  expect(searchPathOf(withSetting(initial, 'search_path', value))).toEqual(schemas)
})

test.each([
  ['250', 250],
  ['1s', 1000],
  ['1.5min', 90_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['500us', 1],
])('a duration of %s is %i ms', (text, ms) => {
  expect(parseDurationMs('statement_timeout', text)).toBe(ms)
})

test('READ COMMITTED is had, as snapshot isolation', () => {
  expect(acceptIsolation('READ COMMITTED')).toBe('read committed')
})
