import { describePlan } from '../../store/print/explain.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import type { Plan } from './plan.ts'
import { permittedPlan, requireServerRelations } from './run-data.ts'
import { ServerRows } from './server-rows.ts'
import { settingValue } from './settings.ts'

const text: SqlType = { kind: 'Scalar', name: 'text' }

/** What EXPLAIN puts out, known before it runs. */
export const explainColumns = [{ name: 'QUERY PLAN', type: text }] as const

/**
 * EXPLAIN: authorised like the statement in it, then a plan in the user's words. The engine's own is an
 * oracle about rows (duckdb-hardening.md, section 3.6) and is never shown.
 */
export function startExplain(context: ExecutionContext, plan: Plan): Execution {
  const { binding, touched } = permittedPlan(context, plan)
  requireServerRelations(context, touched)
  const source = new ServerRows({
    types: [text],
    rows: describePlan(binding.statement).map((line) => [line]),
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
  return { source, columns: explainColumns, tag: () => commandTags.Explain }
}
