/** Queries through all rooms: parsed, bound, printed and run in a real engine, answers in wire text. */
import { bind } from '../../acl/enforcement/bind.ts'
import { oidOf } from '../../store/type-oid.ts'
import type { Schema } from '../../acl/schema.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { printStatement } from '../../store/print.ts'
import type { ProgramParameter } from '../../store/store.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { databaseAlias, openTestStore } from '../store/test-store.ts'
import { RowCollector } from '../store/rows.ts'

/** What a query came to. */
export interface Answer {
  readonly rows?: readonly (readonly (string | null)[])[]
  /** OIDs of the columns' types. */
  readonly types?: readonly number[]
  readonly code?: string
  readonly message?: string
}

export interface Pipeline {
  answer(sql: string): Promise<Answer>
  close(): Promise<void>
}

const emptySchema: Schema = { epoch: 0, relation: () => undefined, relations: () => [] }

export async function startPipeline(): Promise<Pipeline> {
  await loadParser()
  const test = await openTestStore()
  const session = test.store.connect()

  async function run(sql: string): Promise<Answer> {
    const [parsed] = parseStatements(sql)
    if (parsed?.statement.kind !== 'Query') throw new Error('a query is run')
    const binding = bind(parsed.statement, {
      schema: emptySchema,
      parameterTypes: [],
      searchPath: ['public'],
      allocateOid: () => 0,
    })
    if (binding.kind === 'Unbindable') throw binding.error
    if (binding.kind !== 'Data') throw new Error('a query gives data')
    const program = printStatement(binding.statement, { database: databaseAlias })
    const collector = new RowCollector()
    const portal = session.open({
      program,
      values: program.parameters.map(sessionValue),
      formats: [],
    })
    await portal.fetch(0, collector)
    return {
      rows: collector.texts,
      types: binding.columns.map(({ type }) => (type === undefined ? 0 : oidOf(type))),
    }
  }

  return {
    async answer(sql) {
      try {
        return await run(sql)
      } catch (error) {
        if (error instanceof SqlError) return { code: error.sqlState, message: error.message }
        throw error
      }
    },
    async close() {
      await session.close()
      await test.close()
    },
  }
}

/** The moment that both servers are told it is. */
export const fixedNow = 1_709_210_096_789_012n

function sessionValue(parameter: ProgramParameter): SqlValue {
  if (parameter.kind !== 'Session') throw new Error('a query without parameters')
  if (parameter.name.endsWith('_timestamp')) return fixedNow
  return parameter.name === 'backend_pid' ? 42 : parameter.name
}
