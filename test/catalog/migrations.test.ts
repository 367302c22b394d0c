import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { openCatalog } from '../../catalog/catalog.ts'
import { latestVersion, migrations } from '../../catalog/migrations/migrations.ts'
import { applicationId } from '../../catalog/open-database.ts'

jest.setTimeout(30_000)

let directory = ''
let path = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-migrations-'))
  path = join(directory, 'catalog.sqlite')
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

/** A catalog as the program of that version left it. */
function makeCatalogOfVersion(version: number): void {
  closeSync(openSync(path, 'wx', 0o600))
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`application_id = ${applicationId}`)
  for (const migration of migrations.slice(0, version)) database.exec(migration.sql)
  database.exec(`INSERT INTO principals VALUES (1, 'User', 'Alice', 'alice', 1)`)
  database.pragma(`user_version = ${version}`)
  database.close()
}

function schemaOf(): unknown {
  const database = new Database(path, { readonly: true })
  const schema = database
    .prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
    .all()
  const version: unknown = database.pragma('user_version', { simple: true })
  database.close()
  return { schema, version }
}

test('migrations are numbered from 1 without a gap', () => {
  expect(migrations.map(({ version }) => version)).toEqual(
    Array.from({ length: latestVersion }, (_, index) => index + 1),
  )
})

describe('a catalog of version', () => {
  test.each(migrations.map(({ version }) => version))(
    '%d becomes one of the latest and keeps its content',
    (version) => {
      openCatalog({ path: join(directory, 'new', 'catalog.sqlite') }).close()
      makeCatalogOfVersion(version)
      const catalog = openCatalog({ path })
      expect([...catalog.load()]).toEqual([
        {
          kind: 'PutPrincipal',
          principal: {
            id: 1,
            kind: 'User',
            name: 'Alice',
            key: 'alice',
            enabled: true,
            hasPassword: false,
            restTokens: [],
            externalAliases: [],
          },
        },
      ])
      catalog.close()
      const migrated = schemaOf()
      path = join(directory, 'new', 'catalog.sqlite')
      expect(migrated).toEqual(schemaOf())
    },
  )
})

test('every table is STRICT', () => {
  openCatalog({ path }).close()
  const database = new Database(path, { readonly: true })
  const tables = database
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' AND schema = 'main'",
    )
    .all()
  database.close()
  expect(tables.filter(({ strict }) => strict !== 1)).toEqual([])
  expect(tables.length).toBeGreaterThan(10)
})

test('a step that fails leaves the version before it, and the next start goes on from there', () => {
  makeCatalogOfVersion(2)
  const database = new Database(path)
  // In the way of step 4; step 3 is done by then.
  database.exec('CREATE TABLE access_log (x)')
  database.close()
  expect(() => openCatalog({ path })).toThrow('already exists')
  const again = new Database(path)
  expect(again.pragma('user_version', { simple: true })).toBe(3)
  again.exec('DROP TABLE access_log')
  again.close()
  const catalog = openCatalog({ path })
  expect([...catalog.load()]).toHaveLength(1)
  catalog.close()
})
