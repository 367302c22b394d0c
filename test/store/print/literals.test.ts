import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DuckDBConnection } from '@duckdb/node-api'
import {
  assert,
  asyncProperty,
  bigInt,
  constantFrom,
  double,
  float,
  oneof,
  tuple,
} from 'fast-check'
import type { Arbitrary } from 'fast-check'
import type { ScalarTypeName, SqlValue } from '../../../store/sql-type.ts'
import { printStatement } from '../../../store/print.ts'
import { database, rowsOf, selectOf, startEngine } from './engine.ts'
import { call, cast, constant, scalar } from './tree.ts'

let engine: DuckDBConnection
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.closeSync())

/** What the engine made of a constant, as PostgreSQL writes it. */
async function textOf(value: SqlValue, name: ScalarTypeName): Promise<unknown> {
  const [row] = await rowsOf(engine, selectOf([cast(constant(value, name), 'text')]))
  return row?.[0]
}

function print(value: string): unknown {
  return printStatement(selectOf([constant(value, 'numeric')]), { database })
}

async function compared(value: number, name: 'float4' | 'float8'): Promise<void> {
  const [row] = await rowsOf(engine, selectOf([constant(value, name)]))
  // JSON has no NaN: the reader gives its name; nor has it -0.
  const read = Number(row?.[0])
  expect(Object.is(read, value) || (read === 0 && value === 0)).toBe(true)
}

async function epochOf(value: bigint, name: ScalarTypeName): Promise<unknown> {
  const args = [constant(value, name)]
  const [row] = await rowsOf(engine, selectOf([call('epoch_us', args, 'int8')]))
  return row?.[0]
}

describe('a constant is the same value in the engine', () => {
  const integers: readonly (readonly [ScalarTypeName, bigint, bigint])[] = [
    ['int2', -32768n, 32767n],
    ['int4', -2147483648n, 2147483647n],
    ['int8', -9223372036854775808n, 9223372036854775807n],
    ['oid', 0n, 4294967295n],
  ]

  test.each(integers)('%s', async (name, min, max) => {
    await assert(
      asyncProperty(oneof(bigInt({ min, max }), constantFrom(min, max)), async (value) => {
        const given = name === 'int8' ? value : Number(value)
        expect(await textOf(given, name)).toBe(String(value))
      }),
    )
  })

  test('numeric of up to 38 digits', async () => {
    const digits: Arbitrary<string> = tuple(
      bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      constantFrom(0, 1, 17),
    ).map(([unscaled, scale]) => {
      const text = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
      const point = text.length - scale
      const decimal = scale === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`
      return unscaled < 0n ? `-${decimal}` : decimal
    })
    await assert(
      asyncProperty(digits, async (value) => {
        expect(await textOf(value, 'numeric')).toBe(value)
      }),
    )
  })

  test('numeric of more digits, or not a number, is refused', () => {
    expect(() => print('1'.repeat(39))).toThrow(/overflows/)
    expect(() => print('NaN')).toThrow(/not supported/)
  })

  test('float8 and float4, to the last bit', async () => {
    await assert(asyncProperty(double(), (value) => compared(value, 'float8')))
    await assert(asyncProperty(float(), (value) => compared(value, 'float4')))
    expect(await textOf(-0, 'float8')).toBe('-0')
  })

  test('dates of all years, by the days that the engine counts', async () => {
    const days = oneof(
      bigInt({ min: -2_440_588n, max: 2_145_031_948n }),
      bigInt({ min: -1_000_000n, max: 1_000_000n }),
    )
    await assert(
      asyncProperty(days, async (day) => {
        const date = constant(Number(day), 'date')
        const epoch = constant(0, 'date')
        const difference = {
          kind: 'BinaryOperation',
          operator: '-',
          left: date,
          right: epoch,
          type: scalar('int4'),
        } as const
        expect(await rowsOf(engine, selectOf([difference]))).toEqual([[Number(day)]])
      }),
    )
    expect(await textOf(Infinity, 'date')).toBe('infinity')
    expect(await textOf(-Infinity, 'date')).toBe('-infinity')
  })

  test('timestamps and times, by the microseconds that the engine counts', async () => {
    const micros = bigInt({ min: -210_866_803_200_000_000n, max: 9_223_371_331_199_999_999n })
    await assert(
      asyncProperty(micros, async (value) => {
        expect(await epochOf(value, 'timestamp')).toBe(String(value))
        expect(await epochOf(value, 'timestamptz')).toBe(String(value))
      }),
    )
    await assert(
      asyncProperty(bigInt({ min: 0n, max: 86_400_000_000n }), async (value) => {
        expect(await epochOf(value, 'time')).toBe(String(value))
      }),
    )
  })

  test('intervals, field by field', async () => {
    const field = bigInt({ min: -2_147_483_648n, max: 2_147_483_647n })
    const micros = bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    await assert(
      asyncProperty(tuple(field, field, micros), async ([months, days, time]) => {
        const value = {
          kind: 'Interval',
          months: Number(months),
          days: Number(days),
          micros: time,
        } as const
        const [row] = await rowsOf(engine, selectOf([constant(value, 'interval')]))
        expect(row?.[0]).toEqual({
          months: Number(months),
          days: Number(days),
          micros: String(time),
        })
      }),
    )
  })

  test('bytes', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(await textOf(all, 'bytea')).toBe(`\\x${Buffer.from(all).toString('hex')}`)
  })
})
