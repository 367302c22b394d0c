import { expect, test } from '@jest/globals'
import { checkpointStatus } from '../../acl/checkpoint-status.ts'
import type { ListingRow } from '../../acl/listing.ts'
import { noFacts } from './no-facts.ts'
import { World } from './world.ts'

const setUp = ['CREATE USER ann', 'CREATE USER bob', 'GRANT SNAPSHOT TO bob']

function rows(who: string, startedMicros: bigint | undefined): readonly ListingRow[] {
  const world = World.after(...setUp)
  return checkpointStatus.rows({
    model: world.model,
    actor: world.actor(who),
    args: [],
    facts: { ...noFacts, checkpointMicros: () => startedMicros },
  })
}

test('tells those who hold SNAPSHOT whether there is a checkpoint, and since when', () => {
  expect(rows('bob', undefined)).toEqual([[false, null]])
  expect(rows('bob', 5n)).toEqual([[true, 5n]])
  expect(() => rows('ann', 5n)).toThrow('Access denied for ann [SNAPSHOT]')
  const world = World.after(...setUp)
  expect(() => checkpointStatus.guard?.(world.model, world.actor('ann'))).toThrow('[SNAPSHOT]')
  expect(() => checkpointStatus.guard?.(world.model, world.actor('bob'))).not.toThrow()
})
