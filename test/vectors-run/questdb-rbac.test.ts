import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { admin, connect, startGrantd } from '../e2e/grantd.ts'
import type { Grantd } from '../e2e/grantd.ts'
import { emptyServer } from './empty-server.ts'
import { runVector } from './run-vector.ts'
import { readVectors } from './vector.ts'
import { waiting } from './waiting.ts'

const vectors = readVectors(new URL('../vectors/questdb-rbac.json', import.meta.url))

describe('questdb-rbac.json, each case on a server of its own', () => {
  const pending = vectors.filter((vector) => waiting.has(vector.name))
  const ready = vectors.filter((vector) => !waiting.has(vector.name))

  test.concurrent.each(ready)('$name', async (vector) => {
    const grantd = await startGrantd()
    try {
      expect(await runVector(grantd, vector, 'simple')).toEqual([])
    } finally {
      await grantd.remove()
    }
  })

  // Q4: the check is the same in both protocols.
  describe('in the extended protocol, on one server that is emptied each time', () => {
    let grantd: Grantd
    let setter: Client
    beforeAll(async () => {
      grantd = await startGrantd()
      setter = await connect(grantd, admin)
    })
    afterAll(async () => {
      await setter.end()
      await grantd.remove()
    })

    test.each(ready)('$name', async (vector) => {
      await emptyServer(setter)
      expect(await runVector(grantd, vector, 'extended')).toEqual([])
    })
  })

  // A case that passes before its time is no longer waiting: the list stays true.
  if (pending.length > 0) {
    test.concurrent.each(pending)('still waits: $name', async (vector) => {
      const grantd = await startGrantd()
      try {
        expect(await runVector(grantd, vector, 'simple')).not.toEqual([])
      } finally {
        await grantd.remove()
      }
    })
  }

  afterAll(() => {
    const lines = pending.map((vector) => `  ${vector.name}: ${waiting.get(vector.name) ?? ''}`)
    process.stdout.write(
      `questdb-rbac.json: ${vectors.length - pending.length} of ${vectors.length} run${lines.length === 0 ? '' : `; waiting:\n${lines.join('\n')}`}\n`,
    )
  })

  test('the list of what waits names cases that exist', () => {
    const names = new Set(vectors.map((vector) => vector.name))
    expect([...waiting.keys()].filter((name) => !names.has(name))).toEqual([])
  })
})
