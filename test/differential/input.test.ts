import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, DatabaseError } from 'pg'
import { typeFromName, typeText } from '../../acl/types/type-name.ts'
import { parseInput } from '../../acl/types/input.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { encodeText } from '../../store/encode-value.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { startPostgres } from '../postgres.ts'
import type { Postgres } from '../postgres.ts'
import { inputDifferences, inputSamples } from './input-samples.ts'

let postgres: Postgres
let client: Client

beforeAll(async () => {
  postgres = await startPostgres()
  client = new Client({ ...postgres, types: { getTypeParser: () => (text: unknown) => text } })
  await client.connect()
}, 60_000)

afterAll(async () => {
  await client.end()
  await postgres.stop()
})

/** The value's text, or the error's code and message. */
interface Outcome {
  readonly text?: string
  readonly code?: string
  readonly message?: string
}

async function ask(text: string, type: SqlType, timeZone: string): Promise<Outcome> {
  try {
    await client.query(`SET timezone = '${timeZone}'`)
    // As text, not as a parameter of the type: so the driver has no say in it.
    const { rows } = await client.query<{ value: string }>({
      text: `SELECT (($1::text)::${typeText(type)})::text AS value`,
      values: [text],
    })
    return { text: rows[0]?.value ?? '' }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { code: error.code ?? '', message: error.message }
  }
}

/** bool is `t` on the wire and `true` as text: the same value. */
function read(text: string, type: SqlType, timeZone: string): Outcome {
  try {
    const value = parseInput(text, type, { timeZone })
    if (typeof value === 'boolean') return { text: String(value) }
    return { text: encodeText(value, type, { timeZone }) }
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return { code: error.sqlState, message: error.message }
  }
}

describe('text is read as PostgreSQL reads it', () => {
  for (const { type: name, texts, timeZone = 'UTC' } of inputSamples) {
    const isArray = name.endsWith('[]')
    const type = typeFromName({
      name: name.replace('[]', ''),
      modifiers: [],
      arrayDimensions: isArray ? 1 : 0,
    })
    test(`${name} in ${timeZone}`, async () => {
      const differences: unknown[] = []
      for (const text of texts) {
        if (inputDifferences.some((one) => one.type === name && one.text === text)) continue
        const theirs = await ask(text, type, timeZone)
        const ours = read(text, type, timeZone)
        if (!isSame(ours, theirs)) differences.push({ text, ours, theirs })
      }
      expect(differences).toEqual([])
    })
  }

  test.each(inputDifferences)('$type $text differs: $reason', async ({ type: name, text }) => {
    const type = typeFromName({
      name: name.replace('[]', ''),
      modifiers: [],
      arrayDimensions: name.endsWith('[]') ? 1 : 0,
    })
    const theirs = await ask(text, type, 'UTC')
    expect(isSame(read(text, type, 'UTC'), theirs)).toBe(false)
  })
})

function isSame(ours: Outcome, theirs: Outcome): boolean {
  if (ours.text !== undefined || theirs.text !== undefined) return ours.text === theirs.text
  return ours.code === theirs.code && ours.message === theirs.message
}
