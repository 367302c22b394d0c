import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Relation } from '../../../acl/schema.ts'
import { applyEffect, type AccessModel } from '../../../acl/model.ts'
import { openCatalog, type Catalog } from '../../../catalog/catalog.ts'
import { epoch } from '../../../catalog/counters.ts'
import { loadParser } from '../../../parser/parse.ts'
import { verifyRelations } from '../../../server/control/verify-relations.ts'
import { World } from '../../acl/world.ts'

beforeAll(loadParser)

let root = ''
let catalog: Catalog

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'grantd-verify-'))
  catalog = openCatalog({ path: join(root, 'catalog.sqlite') })
})

afterEach(() => {
  catalog.close()
  rmSync(root, { recursive: true })
})

/** More tables than one page holds, and a view; in the catalog all those that `isStored` takes. */
function stored(isStored: (relation: Relation) => boolean = () => true): AccessModel {
  const tables = Array.from({ length: 70 }, (_, at) => `CREATE TABLE t${at} (a INT, ts TIMESTAMP)`)
  const { model } = World.after(...tables, 'CREATE VIEW v AS (SELECT 1)')
  const effects = model.schema
    .relations()
    .filter(isStored)
    .map((relation) => ({ kind: 'PutRelation', relation }) as const)
  catalog.commit({ epoch: epoch(1), effects, audit: [] })
  return model
}

function oidOf(model: AccessModel, name: string): number {
  const found = model.schema.relations().find((relation) => relation.name === name)
  if (found === undefined) throw new Error(`${name} is not there`)
  return found.oid
}

test('a catalog that holds what is in force is fine', async () => {
  const model = stored()
  expect(await verifyRelations({ catalog, committer: { model }, oids: undefined })).toEqual([])
})

test('what the catalog lacks, has besides, or has otherwise is found', async () => {
  const model = stored(({ name }) => name !== 't3')
  const missing = oidOf(model, 't3')
  const changed = model.schema.relations().find(({ name }) => name === 't66')
  const gone = model.schema.relations().find(({ name }) => name === 't7')
  if (changed === undefined || gone === undefined) throw new Error('both are there')
  const renamed = applyEffect(model, { kind: 'PutRelation', relation: { ...changed, name: 'T66' } })
  const inForce = applyEffect(renamed, { kind: 'DeleteRelation', oid: gone.oid, key: gone.key })
  const committer = { model: inForce }
  const wrong = await verifyRelations({ catalog, committer, oids: undefined })
  expect(wrong.toSorted((a, b) => a - b)).toEqual(
    [missing, gone.oid, changed.oid].toSorted((a, b) => a - b),
  )
  const some = await verifyRelations({ catalog, committer, oids: new Set([missing]) })
  expect(some).toEqual([missing])
  expect(
    await verifyRelations({ catalog, committer, oids: new Set([oidOf(model, 't1')]) }),
  ).toEqual([])
})
