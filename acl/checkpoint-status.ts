/** `checkpoint_status()`: whether CHECKPOINT CREATE waits for its RELEASE; for those who may do either. */
import { requirePermissions } from './authorize.ts'
import { booleanColumn, instantColumn } from './listing.ts'
import { permission } from './permission-registry.ts'
import type { ServerRelation } from './server-relation.ts'

const snapshot = permission('SNAPSHOT')

/** QuestDB's columns. */
export const checkpointStatus: ServerRelation = {
  columns: [booleanColumn('in_progress'), instantColumn('started_at')],
  arity: [0, 0],
  rows: ({ model, actor, facts }) => {
    requirePermissions(model, actor, [snapshot])
    const startedMicros = facts.checkpointMicros()
    return [[startedMicros !== undefined, startedMicros ?? null]]
  },
  guard: (model, actor) => requirePermissions(model, actor, [snapshot]),
}
