import { afterAll, describe, expect, test } from '@jest/globals'
import { startGrantd } from '../e2e/grantd.ts'
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
