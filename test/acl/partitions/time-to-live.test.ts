/** What a TTL keeps, against a reference that asks each partition by itself. */
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { partitionFrom, partitionStart } from '../../../acl/partitions/partition-unit.ts'
import { checkTimeToLive, keptFrom } from '../../../acl/partitions/time-to-live.ts'
import type { TimeToLive } from '../../../acl/schema.ts'

const units = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const
const hours = { HOUR: 1, DAY: 24, WEEK: 168 } as const

/** The reference less the period, by JavaScript's calendar. */
function cutoff({ amount, unit }: TimeToLive, reference: number): number {
  if (unit !== 'MONTH' && unit !== 'YEAR') return reference - amount * hours[unit] * 3_600_000
  const date = new Date(reference)
  const months = unit === 'YEAR' ? amount * 12 : amount
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() - months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}

const moments = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((date) => date.getTime())
const periods = fc.record({
  amount: fc.integer({ min: 1, max: 40 }),
  unit: fc.constantFrom(...units),
})

describe('a TTL', () => {
  test.each(units)(
    'of a table by %s takes exactly the partitions that end before it',
    (partitionedBy) => {
      fc.assert(
        fc.property(periods, moments, moments, (ttl, reference, moment) => {
          const from = keptFrom(ttl, partitionedBy, BigInt(reference) * 1000n)
          const micros = BigInt(moment) * 1000n
          const { end } = partitionFrom(partitionedBy, partitionStart(partitionedBy, micros))
          expect(micros < from).toBe(end < BigInt(cutoff(ttl, reference)) * 1000n)
          expect(from <= BigInt(reference) * 1000n).toBe(true)
        }),
      )
    },
  )

  test.each([
    ['HOUR', 1, 'HOUR'],
    ['DAY', 48, 'HOUR'],
    ['DAY', 3, 'MONTH'],
    ['WEEK', 14, 'DAY'],
    ['MONTH', 1, 'YEAR'],
    ['YEAR', 24, 'MONTH'],
  ] as const)('of a table by %s may be %i %s', (partitionedBy, amount, unit) => {
    expect(() => checkTimeToLive({ amount, unit }, partitionedBy, 0)).not.toThrow()
  })

  test.each([
    ['DAY', 36, 'HOUR', 'integer multiple'],
    ['WEEK', 10, 'DAY', 'integer multiple'],
    ['MONTH', 8, 'WEEK', 'integer multiple'],
    ['YEAR', 18, 'MONTH', 'integer multiple'],
    ['DAY', 2_147_483_647, 'DAY', 'too large'],
    [undefined, 1, 'DAY', 'non-partitioned'],
  ] as const)('of a table by %s cannot be %i %s', (partitionedBy, amount, unit, words) => {
    expect(() => checkTimeToLive({ amount, unit }, partitionedBy, 0)).toThrow(words)
  })
})
