import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, DatabaseError } from 'pg'
import { functionNames } from '../../acl/types/functions.ts'
import { startPostgres } from '../postgres.ts'
import type { Postgres } from '../postgres.ts'
import { functionSamples, knownDifferences, withoutSample } from './function-samples.ts'
import { startPipeline } from './whole-pipeline.ts'
import type { Answer, Pipeline } from './whole-pipeline.ts'

let postgres: Postgres
let client: Client
let pipeline: Pipeline

beforeAll(async () => {
  postgres = await startPostgres()
  client = new Client({ ...postgres, types: { getTypeParser: () => (text: unknown) => text } })
  await client.connect()
  pipeline = await startPipeline()
}, 60_000)

afterAll(async () => {
  await client.end()
  await postgres.stop()
  await pipeline.close()
})

async function theirs(sql: string): Promise<Answer> {
  try {
    const result = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
    return { rows: result.rows, types: result.fields.map(({ dataTypeID }) => dataTypeID) }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { code: error.code ?? '', message: error.message }
  }
}

/** Type OIDs of PostgreSQL. */
const floatingOids: ReadonlySet<number> = new Set([701, 1022])
const numericOids: ReadonlySet<number> = new Set([1700, 1231])

/**
 * The same value: a float may differ in its last digits where sums are added up in another order. A
 * numeric without limits has 18 decimals here, and PostgreSQL shows 16 significant digits of a
 * quotient; trailing zeros are not held against either.
 */
function isSame(ours: Answer, expected: Answer): boolean {
  if (ours.code !== undefined || expected.code !== undefined) return ours.code === expected.code
  const types = expected.types ?? []
  if (JSON.stringify(ours.types) !== JSON.stringify(types)) return false
  const rows = expected.rows ?? []
  return (
    ours.rows?.length === rows.length &&
    rows.every((row, index) =>
      row.every((text, column) => isSameText(types[column], ours.rows?.[index]?.[column], text)),
    )
  )
}

function isSameText(
  type: number | undefined,
  ours: string | null | undefined,
  expected: string | null,
): boolean {
  if (ours === expected) return true
  if (typeof ours !== 'string' || expected === null || type === undefined) return false
  if (!floatingOids.has(type) && !numericOids.has(type)) return false
  const numbers = ours.split(/[{},]/)
  const others = expected.split(/[{},]/)
  return (
    numbers.length === others.length &&
    numbers.every((number, index) => isClose(Number(number), Number(others[index])))
  )
}

/** Fourteen significant digits. */
function isClose(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= 1e-14 * Math.abs(other)
}

/** Not supported, a limit, no such function, a value that is not taken. */
const refusals: ReadonlySet<string> = new Set(['0A000', '54000', '42883', '22023'])

const differing = new Set(knownDifferences.map(({ sql }) => sql))

describe('functions and operators mean what they mean to PostgreSQL', () => {
  for (const [family, expressions] of Object.entries(functionSamples)) {
    test(
      family,
      async () => {
        const differences: unknown[] = []
        for (const expression of expressions) {
          const sql = `SELECT ${expression}`
          if (differing.has(expression)) continue
          const expected = await theirs(sql)
          const ours = await pipeline.answer(sql)
          if (!isSame(ours, expected)) differences.push({ expression, ours, expected })
        }
        expect(differences).toEqual([])
      },
      60_000,
    )
  }

  test.each(knownDifferences)('$sql differs: $reason', async ({ sql, reason }) => {
    const text = `SELECT ${sql}`
    const ours = await pipeline.answer(text)
    expect(isSame(ours, await theirs(text))).toBe(false)
    // What is refused is an error of ours, and nothing else is.
    expect(refusals.has(ours.code ?? '')).toBe(reason.startsWith('refused'))
  })

  test('every function that is offered has a sample', () => {
    const all = Object.values(functionSamples).flat().join('\n').toLowerCase()
    const missing = functionNames.filter((name) => !new RegExp(`\\b${name}\\b`).test(all))
    expect(missing).toEqual(withoutSample)
  })
})
