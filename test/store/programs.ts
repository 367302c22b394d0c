import type { ScalarTypeName, SqlType, SqlValue } from '../../store/sql-type.ts'
import type {
  FetchOutcome,
  Program,
  ProgramTarget,
  StoreSession,
  WireFormat,
} from '../../store/store.ts'
import { RowCollector } from './rows.ts'

/** A program as the printer would make it, written by hand. */
export function program(
  sql: string,
  given: {
    readonly kind?: Program['kind']
    readonly columns?: readonly (SqlType | undefined)[]
    readonly parameters?: readonly SqlType[]
    readonly target?: ProgramTarget
  } = {},
): Program {
  return {
    sql,
    kind: given.kind ?? 'Query',
    columns: (given.columns ?? []).map((type) => (type === undefined ? {} : { type })),
    parameters: (given.parameters ?? []).map((type, index) => ({
      kind: 'Client',
      number: index + 1,
      type,
    })),
    ...(given.target === undefined ? {} : { target: given.target }),
  }
}

export function scalar(name: ScalarTypeName): SqlType {
  return { kind: 'Scalar', name }
}

export interface Ran {
  readonly outcome: FetchOutcome
  readonly rows: RowCollector
}

/** Runs a program to its end. */
export async function run(
  session: StoreSession,
  given: Program,
  values: readonly SqlValue[] = [],
  formats: readonly WireFormat[] = [],
): Promise<Ran> {
  const rows = new RowCollector()
  const portal = session.open({ program: given, values, formats })
  const outcome = await portal.fetch(0, rows)
  return { outcome, rows }
}

/** The rows of a query whose columns the engine is to type. */
export async function query(
  session: StoreSession,
  sql: string,
  columnCount = 1,
): Promise<readonly (readonly (string | null)[])[]> {
  const columns = Array.from({ length: columnCount }, () => undefined)
  return (await run(session, program(sql, { columns }))).rows.texts
}
