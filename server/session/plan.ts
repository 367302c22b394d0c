/**
 * A plan: what binding and printing made of a statement. It depends on the text, the schema and the
 * search path only, never on who asks (architecture.md, life of a statement, step 3); who asks is
 * decided at each execution.
 */
import { bind } from '../../acl/enforcement/bind.ts'
import type { BoundData, Unbindable } from '../../acl/enforcement/binding.ts'
import { relationKey } from '../../acl/names.ts'
import type { Schema } from '../../acl/schema.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import type { DataStatement } from '../../parser/statement.ts'
import { printStatement } from '../../store/print.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { Program, StoreSession } from '../../store/store.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import type { Touched } from './bound-walk.ts'
import type { LockRequest } from './table-locks.ts'
import { touchedBy } from './bound-walk.ts'
import type { LoneRelation } from './lone-relation.ts'
import { loneRelation } from './lone-relation.ts'

/** Reads or writes rows, once its requirements are met. */
export interface DataPlan {
  readonly kind: 'Data'
  /** Of the schema that it was bound against. */
  readonly schemaEpoch: number
  readonly binding: BoundData
  readonly program: Program
  readonly parameters: readonly SqlType[]
  /** Absent: no rows come back. */
  readonly columns: readonly ColumnDescription[] | undefined
  readonly touched: Touched
  /** The query is that alone, and needs no engine. */
  readonly lone: LoneRelation | undefined
  readonly isReadOnly: boolean
  /** Of the table that rows are put into (table-locks.ts). */
  readonly lock?: LockRequest
  /** It writes to a table that keeps its rows for a time only (TTL; expiry.ts). */
  readonly expires: boolean
}

/** Cannot be bound; the error is told to those who meet the requirements found so far (rule R9). */
export interface UnbindablePlan {
  readonly kind: 'Unbindable'
  readonly schemaEpoch: number
  readonly binding: Unbindable
}

export type Plan = DataPlan | UnbindablePlan

export interface PlanRequest {
  readonly statement: DataStatement
  readonly schema: Schema
  readonly searchPath: readonly string[]
  readonly parameterTypes: readonly (SqlType | undefined)[]
  /** The alias under which the store knows its database. */
  readonly database: string
}

function noOids(): never {
  throw new Error('a statement that reads or writes rows takes no relation number')
}

/** Binds and prints; the types of output columns may still be the engine's to say ({@link describedPlan}). */
export function buildPlan(request: PlanRequest): Plan {
  const binding = bind(request.statement, {
    schema: request.schema,
    parameterTypes: request.parameterTypes,
    searchPath: request.searchPath,
    allocateOid: noOids,
  })
  const schemaEpoch = request.schema.epoch
  if (binding.kind === 'Unbindable') return { kind: 'Unbindable', schemaEpoch, binding }
  invariant(binding.kind === 'Data', 'a data statement binds to data')
  const program = printed(binding.statement, request.database)
  if (program instanceof SqlError) {
    // What the engine cannot do is told after the permission, like all that binding finds (rule R9).
    const { requirements } = binding
    return {
      kind: 'Unbindable',
      schemaEpoch,
      binding: { kind: 'Unbindable', requirements, error: program },
    }
  }
  return {
    kind: 'Data',
    schemaEpoch,
    binding,
    program,
    parameters: binding.parameters,
    columns: outputColumns(binding),
    touched: touchedBy(binding.statement),
    lone: loneRelation(binding.statement),
    isReadOnly: binding.statement.kind === 'Query',
    expires: writesToExpiring(binding.statement, request.schema),
    ...lockField(binding.statement),
  }
}

function lockField(statement: BoundData['statement']): Pick<DataPlan, 'lock'> {
  if (statement.kind !== 'Insert') return {}
  const mode = statement.upsert === undefined ? 'Shared' : 'Exclusive'
  return { lock: { oid: statement.target.oid, mode } }
}

/** Whether rows may be past their time afterwards: a DELETE makes none newer. */
function writesToExpiring(statement: BoundData['statement'], schema: Schema): boolean {
  if (statement.kind !== 'Insert' && statement.kind !== 'Update') return false
  const table = schema.relation(relationKey(statement.target.name))
  return table?.kind === 'Table' && table.timeToLive !== undefined
}

function printed(statement: BoundData['statement'], database: string): Program | SqlError {
  try {
    return printStatement(statement, { database })
  } catch (error) {
    if (error instanceof SqlError) return error
    throw error
  }
}

/** Undefined where no rows come back; a type the binder does not know is text until the engine says. */
function outputColumns(binding: BoundData): readonly ColumnDescription[] | undefined {
  if (binding.columns.length === 0 && binding.statement.kind !== 'Query') return undefined
  return binding.columns.map((column) => ({
    name: column.name,
    type: column.type ?? { kind: 'Scalar', name: 'text' },
    ...(column.origin === undefined ? {} : { origin: column.origin }),
  }))
}

/** Whether a column's type is left to the engine. */
export function needsDescription(plan: DataPlan): boolean {
  return plan.binding.columns.some((column) => column.type === undefined)
}

/** The plan with every column's type known: those the binder leaves open are asked of the engine. */
export async function describedPlan(plan: DataPlan, store: StoreSession): Promise<DataPlan> {
  if (plan.columns === undefined || !needsDescription(plan)) return plan
  const types = await store.describe(plan.program)
  const columns = plan.columns.map((column, index) => ({
    ...column,
    type: plan.binding.columns[index]?.type ?? types[index] ?? column.type,
  }))
  return {
    ...plan,
    columns,
    program: { ...plan.program, columns: columns.map((column) => ({ type: column.type })) },
    binding: {
      ...plan.binding,
      columns: plan.binding.columns.map((column, index) => ({
        ...column,
        type: column.type ?? types[index] ?? { kind: 'Scalar', name: 'text' },
      })),
    },
  }
}
