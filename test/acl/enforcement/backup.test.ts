import { beforeAll, expect, test } from '@jest/globals'
import { bindBackupTable } from '../../../acl/enforcement/backup.ts'
import type { TablesToBackUp } from '../../../acl/enforcement/backup.ts'
import { loadParser, parseStatements } from '../../../parser/parse.ts'
import { World } from '../world.ts'

beforeAll(loadParser)

const setUp = ['CREATE TABLE t (a INT)', 'CREATE TABLE u (a INT)', 'CREATE VIEW v AS (SELECT 1)']

function bound(text: string): TablesToBackUp {
  const world = World.after(...setUp)
  const [parsed] = parseStatements(text)
  if (parsed?.statement.kind !== 'BackupTable') throw new Error('BACKUP TABLE')
  const options = { schema: world.model.schema, searchPath: ['public'] }
  return bindBackupTable(parsed.statement.tables, options)
}

test('needs BACKUP TABLE on each, and gives each table once', () => {
  const { requirements, tables, error } = bound('BACKUP TABLE u, T, public.u')
  expect(requirements).toMatchObject([
    { kind: 'Relation', permission: 'BACKUP TABLE', relation: { name: 'u' } },
    { kind: 'Relation', permission: 'BACKUP TABLE', relation: { name: 'T' } },
    { kind: 'Relation', permission: 'BACKUP TABLE', relation: { name: 'u' } },
  ])
  expect(tables.map(({ name }) => name)).toEqual(['u', 't'])
  expect(error).toBeUndefined()
})

test('says of the first name what is wrong with it, beside what is needed on all', () => {
  const { requirements, error } = bound('BACKUP TABLE t, v, nope')
  expect(requirements.map(({ kind }) => kind)).toEqual(['Relation', 'Relation', 'UnknownRelation'])
  expect(error).toMatchObject({ sqlState: '42809', message: 'v is a view', offset: 16 })
  expect(bound('BACKUP TABLE nope, v').error).toMatchObject({ sqlState: '42P01', offset: 13 })
})
