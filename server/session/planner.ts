import { parseStatements } from '../../parser/parse.ts'
import type { DataStatement } from '../../parser/statement.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { StoreSession } from '../../store/store.ts'
import { oidOf } from '../../store/type-oid.ts'
import type { ExecutionContext } from './execution.ts'
import type { CachedText } from './plan-cache.ts'
import type { Plan } from './plan.ts'
import { buildPlan, describedPlan, needsDescription } from './plan.ts'
import { permittedPlan } from './run-data.ts'
import type { Services } from './services.ts'
import type { SettingValues } from './settings.ts'
import { searchPathOf, settingValue } from './settings.ts'

/** One statement of a text, with the types that Parse declared for its parameters. */
export interface PlannedStatement {
  readonly source: CachedText
  readonly index: number
  readonly declared: readonly (SqlType | undefined)[]
}

/** How many sets of declared parameter types one text keeps plans for. */
const plansPerTextMax = 16

/** Finds or makes the plan of a statement for the schema of the moment. */
export class Planner {
  readonly #services: Services
  readonly #store: StoreSession

  constructor(services: Services, store: StoreSession) {
    this.#services = services
    this.#store = store
  }

  /** The statements of a text. @throws SqlError 42601 and what else the parser refuses */
  parsed(text: string, settings: SettingValues): CachedText {
    const searchPath = settingValue(settings, 'search_path')
    return this.#services.plans.text({ text, searchPath }, () => parseStatements(text))
  }

  /**
   * A plan made on the published schema serves every session; one made on a transaction's own, none.
   * @throws SqlError 42501 before anything is asked of the engine
   */
  async plan(
    planned: PlannedStatement,
    statement: DataStatement,
    context: ExecutionContext,
  ): Promise<Plan> {
    const { schema } = context.model()
    const { plans } = planned.source
    const key = planKey(planned)
    const isShared = schema === this.#services.committer.model.schema
    const found = isShared ? plans.get(key) : undefined
    if (found?.schemaEpoch === schema.epoch) return found
    const built = buildPlan({
      statement,
      schema,
      searchPath: searchPathOf(context.settings),
      parameterTypes: planned.declared,
      database: this.#services.database,
    })
    const plan =
      built.kind === 'Data' && needsDescription(built)
        ? await describedPlan(permittedPlan(context, built), this.#store)
        : built
    if (isShared) {
      if (plans.size >= plansPerTextMax) plans.clear()
      plans.set(key, plan)
    }
    return plan
  }
}

function planKey(planned: PlannedStatement): string {
  const types = planned.declared.map((type) => (type === undefined ? 0 : oidOf(type)))
  return `${planned.index}:${types.join(',')}`
}
