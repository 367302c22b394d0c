/** Runs one vector through the wire, as questdb-rbac.md, section 16 says a runner does. */
import type { Client } from 'pg'
import type { Grantd } from '../e2e/grantd.ts'
import { connect } from '../e2e/grantd.ts'
import type { Cell, Expectation, Step, Vector } from './vector.ts'

export type Protocol = 'simple' | 'extended'

/** What a step came to: rows, or an error with its SQLSTATE. */
type Outcome =
  | { readonly kind: 'Rows'; readonly columns: readonly string[]; readonly rows: readonly Cell[][] }
  | { readonly kind: 'Error'; readonly message: string; readonly sqlState: string | undefined }

/** Passwords are set by statements of this form; a later login uses the newest. */
const passwordStatement =
  /(?:USER|ACCOUNT)\s+(?:IF\s+NOT\s+EXISTS\s+)?['"]?([^'"\s]+)['"]?\s+WITH\s+PASSWORD\s+'?([^'\s;]+)'?/i

class Connections {
  readonly #grantd: Grantd
  readonly #clients = new Map<string, Client>()
  readonly #passwords = new Map<string, string>([['admin', 'quest']])

  constructor(grantd: Grantd) {
    this.#grantd = grantd
  }

  async run(step: Step, protocol: Protocol): Promise<Outcome> {
    const outcome = await this.#run(step, protocol)
    const given = passwordStatement.exec(step.sql)
    if (outcome.kind === 'Rows' && given?.[1] !== undefined && given[2] !== undefined) {
      this.#passwords.set(given[1].toLowerCase(), given[2])
    }
    return outcome
  }

  async #run(step: Step, protocol: Protocol): Promise<Outcome> {
    const key = `${step.as}\u0000${step.session ?? ''}`
    try {
      if (step.password !== undefined) {
        const client = await this.#connect(step.as, step.password)
        try {
          return await query(client, step.sql, protocol)
        } finally {
          await client.end()
        }
      }
      let client = this.#clients.get(key)
      if (client === undefined) {
        client = await this.#connect(
          step.as,
          this.#passwords.get(step.as.toLowerCase()) ?? `pw_${step.as}`,
        )
        this.#clients.set(key, client)
        client.once('end', () => this.#clients.delete(key))
      }
      return await query(client, step.sql, protocol)
    } catch (error) {
      return asOutcome(error)
    }
  }

  async #connect(user: string, password: string): Promise<Client> {
    return connect(this.#grantd, { user, password })
  }

  async end(): Promise<void> {
    for (const client of this.#clients.values()) await client.end()
  }
}

function asOutcome(error: unknown): Outcome {
  if (typeof error !== 'object' || error === null || !('message' in error)) throw error
  const sqlState = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { kind: 'Error', message: String(error.message), sqlState }
}

/** Values as the text that the server sent. */
const asText = { getTypeParser: () => (text: string) => text }

async function query(client: Client, sql: string, protocol: Protocol): Promise<Outcome> {
  const result = await client.query<Cell[]>({
    text: sql,
    rowMode: 'array',
    types: asText,
    // A name makes node-postgres use Parse, Bind and Execute.
    ...(protocol === 'extended' ? { queryMode: 'extended' } : {}),
  })
  return { kind: 'Rows', columns: result.fields.map((field) => field.name), rows: result.rows }
}

function cellMatches(expected: Cell, actual: Cell): boolean {
  if (expected === null || actual === null) return expected === actual
  if (typeof expected === 'boolean') return actual === (expected ? 't' : 'f')
  if (typeof expected === 'number') return Number(actual) === expected
  return String(actual) === expected
}

function rowMatches(expected: readonly Cell[], actual: readonly Cell[]): boolean {
  return (
    expected.length === actual.length &&
    expected.every((cell, index) => cellMatches(cell, actual[index] ?? null))
  )
}

/** What is wrong with an outcome, or nothing. */
function complaint(expect: Expectation, outcome: Outcome): string | undefined {
  if (expect === 'ok') return outcome.kind === 'Error' ? describe(outcome) : undefined
  if ('error' in expect) {
    if (outcome.kind === 'Rows') return `succeeded, expected an error like ${expect.error}`
    if (!new RegExp(expect.error).test(outcome.message)) return describe(outcome)
    if (expect.sqlstate !== undefined && outcome.sqlState !== expect.sqlstate)
      return describe(outcome)
    return undefined
  }
  if (outcome.kind === 'Error') return describe(outcome)
  if (expect.columns !== undefined && expect.columns.join() !== outcome.columns.join()) {
    return `columns ${outcome.columns.join()}`
  }
  if (expect.count !== undefined && outcome.rows.length !== expect.count) {
    return `${outcome.rows.length} rows`
  }
  return expect.rows === undefined
    ? undefined
    : rowComplaint(expect.rows, outcome.rows, expect.ordered === true)
}

function rowComplaint(
  expected: readonly (readonly Cell[])[],
  actual: readonly Cell[][],
  isOrdered: boolean,
): string | undefined {
  const rest = [...actual]
  for (const row of expected) {
    const found = isOrdered
      ? rowMatches(row, rest[0] ?? [])
        ? 0
        : -1
      : rest.findIndex((r) => rowMatches(row, r))
    if (found < 0) return `row ${JSON.stringify(row)} is not in ${JSON.stringify(actual)}`
    rest.splice(found, 1)
  }
  return rest.length === 0 ? undefined : `more rows than expected: ${JSON.stringify(rest)}`
}

function describe(outcome: Extract<Outcome, { kind: 'Error' }>): string {
  return `error ${outcome.sqlState ?? '(none)'}: ${outcome.message}`
}

/** Every step that did not come to what the vector says, in order; empty: the vector passes. */
export async function runVector(
  grantd: Grantd,
  vector: Vector,
  protocol: Protocol,
): Promise<readonly string[]> {
  const connections = new Connections(grantd)
  const complaints: string[] = []
  for (const [index, step] of vector.steps.entries()) {
    const outcome = await connections.run(step, protocol)
    const wrong = complaint(step.expect, outcome)
    if (wrong !== undefined)
      complaints.push(`step ${index + 1}, ${step.as}: ${step.sql}\n    ${wrong}`)
  }
  await connections.end()
  return complaints
}
