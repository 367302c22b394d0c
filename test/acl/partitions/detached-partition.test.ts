import { describe, expect, test } from '@jest/globals'
import type { DetachedPartition } from '../../../acl/partitions/detached-partition.ts'
import { patchedDetached } from '../../../acl/partitions/detached-partition.ts'

function lying(start: bigint, file: number): DetachedPartition {
  return {
    start,
    name: String(start),
    file,
    rows: 1n,
    bytes: 1,
    min: start,
    max: start,
    columns: [],
  }
}

describe('what lies detached', () => {
  const [one, two] = [lying(1n, 10), lying(2n, 20)]

  test('is added to and taken from, in order', () => {
    expect(patchedDetached([two], { added: [one], removed: [] })).toEqual([one, two])
    expect(patchedDetached([one, two], { added: [], removed: [10] })).toEqual([two])
    expect(patchedDetached([one], { added: [lying(1n, 30)], removed: [10] })).toEqual([
      lying(1n, 30),
    ])
  })

  test('is not patched when another transaction was first', () => {
    expect(patchedDetached([], { added: [], removed: [10] })).toBeUndefined()
    expect(patchedDetached([one], { added: [lying(1n, 30)], removed: [] })).toBeUndefined()
  })
})
