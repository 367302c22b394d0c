import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SqlError } from '../../../errors/sql-error.ts'
import { acceptTimeZone } from '../../../server/session/time-zone-setting.ts'

let connection: DuckDBConnection

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})

afterAll(() => connection.closeSync())

function accepted(value: string): string | undefined {
  try {
    return acceptTimeZone(value)
  } catch (error) {
    if (error instanceof SqlError && error.sqlState === '22023') return undefined
    throw error
  }
}

async function engineRefusals(names: readonly string[]): Promise<readonly string[]> {
  const refused: string[] = []
  for (const name of names) {
    await connection.run(`SET TimeZone = '${name}'`).catch(() => refused.push(name))
  }
  return refused
}

describe('TimeZone', () => {
  test.each([
    ['europe/BERLIN', 'Europe/Berlin'],
    ["'Europe/Berlin'", 'Europe/Berlin'],
    ['Zulu', 'UTC'],
    ['default', 'UTC'],
    ['2', 'Etc/GMT-2'],
    ['-5', 'Etc/GMT+5'],
    ['0', 'UTC'],
    ['<+02>-02', 'Etc/GMT-2'],
    ['<-11>+11', 'Etc/GMT+11'],
  ])('%s is %s', (value, zone) => {
    expect(acceptTimeZone(value)).toBe(zone)
  })

  test.each([
    '+02:00',
    '-0500',
    '<+02>-03',
    '<+05:30>-05:30',
    '15',
    '-13',
    '2.5',
    'GMT+2',
    'posix/Europe/Berlin',
    'Mars/Base',
    'EST5EDT,M3.2.0,M11.1.0',
    '',
  ])('%s is refused', (value) => {
    expect(accepted(value)).toBeUndefined()
  })

  test('every zone that is accepted is one that the engine knows', async () => {
    const result = await connection.runAndReadAll('SELECT name FROM pg_timezone_names()')
    const engineNames = result
      .getRowsJson()
      .flatMap(([name]) => (typeof name === 'string' ? [name] : []))
    const hours = Array.from({ length: 27 }, (_, index) => String(index - 12))
    const names = [...engineNames, ...Intl.supportedValuesOf('timeZone'), ...hours]
    const zones = names.map(accepted).filter((zone) => zone !== undefined)
    expect(await engineRefusals([...new Set(zones)])).toEqual([])
    // All but the zone of computers that were never set up.
    expect(engineNames.filter((name) => accepted(name) === undefined)).toEqual(['Factory'])
  })
})
