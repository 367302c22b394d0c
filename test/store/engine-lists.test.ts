import { readFileSync } from 'node:fs'
import duckdb from '@duckdb/node-bindings'
import { expect, test } from '@jest/globals'
import { queryValues, textOf } from '../../store/engine/query-values.ts'
import { configuredSettings, fixedSettings } from '../../store/engine/settings.ts'
import { engineVersion, functionLines } from '../../store/engine/verify-engine.ts'

interface JudgedFunction {
  readonly name: string
  readonly type: string
}

const judged: readonly JudgedFunction[] = JSON.parse(
  readFileSync(
    new URL('../../acl/enforcement/data/duckdb-functions.json', import.meta.url),
    'utf8',
  ),
)

async function connect(): Promise<Awaited<ReturnType<typeof duckdb.connect>>> {
  return await duckdb.connect(await duckdb.open(':memory:', duckdb.create_config()))
}

// An upgrade that brings a name fails here until somebody has judged it (duckdb-hardening.md, 4.1).

test('the engine has the functions that were judged, no more and no less', async () => {
  const lines = await functionLines(await connect())
  const expected = judged
    // Names that only the engine's parser knows; duckdb_functions() does not list them.
    .filter(({ type }) => type !== 'parser')
    .map(({ name, type }) => `${name} ${type}`)
  expect(new Set(lines.split('\n'))).toEqual(new Set(expected))
})

test('the engine has the settings that were judged, no more and no less', async () => {
  const rows = await queryValues(await connect(), 'SELECT name FROM duckdb_settings()')
  const expected = [...Object.keys(fixedSettings), ...configuredSettings]
  expect(new Set(rows.map(([name]) => textOf(name)))).toEqual(new Set(expected))
  expect(expected.length).toBe(159)
})

test('the engine is the version that was measured', () => {
  expect(duckdb.library_version()).toBe(engineVersion)
})
