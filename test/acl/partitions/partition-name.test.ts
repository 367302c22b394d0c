/** Names of partitions against a reference that walks the calendar a day at a time. */
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  namedEnd,
  namedFrom,
  namedPartition,
  partitionName,
} from '../../../acl/partitions/partition-name.ts'
import { partitionFrom, partitionStart } from '../../../acl/partitions/partition-unit.ts'
import type { PartitionUnit } from '../../../acl/partitions/partition-unit.ts'
import { SqlError } from '../../../errors/sql-error.ts'

const units = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const
const day = 86_400_000

function micros(text: string): bigint {
  return BigInt(Date.parse(text)) * 1000n
}

/** JavaScript's calendar, and for weeks a walk back to Monday and from the year's first Thursday. */
function reference(unit: PartitionUnit, moment: bigint): { name: string; start: bigint } {
  const date = new Date(Number((moment - 999n) / 1000n))
  const iso = date.toISOString()
  switch (unit) {
    case 'HOUR':
      return { name: iso.slice(0, 13), start: micros(`${iso.slice(0, 13)}:00:00Z`) }
    case 'DAY':
      return { name: iso.slice(0, 10), start: micros(`${iso.slice(0, 10)}T00:00:00Z`) }
    case 'MONTH':
      return { name: iso.slice(0, 7), start: micros(`${iso.slice(0, 7)}-01T00:00:00Z`) }
    case 'YEAR':
      return { name: iso.slice(0, 4), start: micros(`${iso.slice(0, 4)}-01-01T00:00:00Z`) }
    case 'WEEK': {
      let monday = new Date(`${iso.slice(0, 10)}T00:00:00Z`)
      while (monday.getUTCDay() !== 1) monday = new Date(monday.getTime() - day)
      const thursday = new Date(monday.getTime() + 3 * day)
      let week = 0
      for (
        let one = thursday;
        one.getUTCFullYear() === thursday.getUTCFullYear();
        one = new Date(one.getTime() - 7 * day)
      ) {
        week++
      }
      const year = String(thursday.getUTCFullYear()).padStart(4, '0')
      const name = `${year}-W${String(week).padStart(2, '0')}`
      return { name, start: BigInt(monday.getTime()) * 1000n }
    }
    default:
      return unit satisfies never
  }
}

const moments = fc
  .date({
    min: new Date('0001-01-08T00:00:00Z'),
    max: new Date('9999-12-20T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => BigInt(date.getTime()) * 1000n + 999n)

describe('names of partitions', () => {
  test.each(units)('by %s are those of the calendar', (unit) => {
    fc.assert(
      fc.property(moments, (moment) => {
        const expected = reference(unit, moment)
        const start = partitionStart(unit, moment)
        expect(start).toBe(expected.start)
        expect(partitionName(unit, start)).toBe(expected.name)
      }),
    )
  })

  test.each(units)('by %s name a range, in which each moment has that name', (unit) => {
    fc.assert(
      fc.property(moments, (moment) => {
        const name = partitionName(unit, partitionStart(unit, moment)) ?? ''
        const range = namedPartition(unit, name, undefined)
        expect(range.start <= moment && moment < range.end).toBe(true)
        expect(partitionStart(unit, range.end - 1n)).toBe(range.start)
        expect(partitionStart(unit, range.end)).toBe(range.end)
        expect(partitionFrom(unit, range.start)).toEqual(range)
      }),
    )
  })

  test.each([
    ['WEEK', '2020-12-31T23:59:59Z', '2020-W53'],
    ['WEEK', '2021-01-03T23:59:59Z', '2020-W53'],
    ['WEEK', '2021-01-04T00:00:00Z', '2021-W01'],
    ['WEEK', '2024-12-30T00:00:00Z', '2025-W01'],
    ['WEEK', '2027-01-01T00:00:00Z', '2026-W53'],
    ['MONTH', '2024-02-29T23:59:59Z', '2024-02'],
    ['YEAR', '1969-12-31T23:59:59Z', '1969'],
    ['HOUR', '1969-12-31T23:59:59Z', '1969-12-31T23'],
  ] as const)('by %s at %s: %s', (unit, moment, name) => {
    expect(partitionName(unit, partitionStart(unit, micros(moment)))).toBe(name)
  })

  test('are none outside of the years 1 to 9999', () => {
    expect(partitionName('DAY', namedFrom)).toBe('0001-01-01')
    expect(partitionName('DAY', namedFrom - 1n)).toBeUndefined()
    expect(partitionName('YEAR', namedEnd)).toBeUndefined()
  })

  test('of weeks may be a day of the week', () => {
    expect(namedPartition('WEEK', '2021-01-03', 0)).toEqual(namedPartition('WEEK', '2020-W53', 0))
  })

  test.each([
    ['HOUR', '2024-01-01'],
    ['HOUR', '2024-01-01T24'],
    ['HOUR', '2024-01-01 05'],
    ['DAY', '2023-02-29'],
    ['DAY', '2024-13-01'],
    ['DAY', '2024-00-01'],
    ['DAY', '2024-01-00'],
    ['DAY', '2024-1-1'],
    ['DAY', '2024-01-01\n'],
    ['DAY', '../../etc'],
    ['DAY', "2024-01-01' OR"],
    ['WEEK', '2021-W53'],
    ['WEEK', '2021-W00'],
    ['WEEK', '2021-W54'],
    ['WEEK', '2021-02-30'],
    ['MONTH', '2024-13'],
    ['YEAR', '24'],
    ['YEAR', '0000'],
    ['YEAR', '10000'],
  ] as const)('by %s are not %j', (unit, name) => {
    expect(() => namedPartition(unit, name, 7)).toThrow(SqlError)
    expect(() => namedPartition(unit, name, 7)).toThrow(`expected, found [ts=${name}]`)
  })
})
