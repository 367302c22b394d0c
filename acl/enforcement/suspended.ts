import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { displayRelation } from '../names.ts'
import type { Table } from '../schema.ts'
import type { BindContext } from './bind-context.ts'

/**
 * ALTER TABLE ... SUSPEND WAL: QuestDB goes on taking writes into the table's log and applies them after RESUME
 * WAL. Here a write is applied when it commits and there is no queue for it to wait in, so that what would
 * change the table's rows is refused; reading goes on. Told after the permission, like all that binding finds.
 */
export function refuseSuspended(
  context: BindContext,
  table: Table,
  offset: number | undefined,
): void {
  if (table.suspended !== true) return
  context.fail(
    new SqlError(
      SqlState.ObjectNotInPrerequisiteState,
      `table is suspended [table=${displayRelation(table)}]`,
      {
        hint: 'ALTER TABLE ... RESUME WAL lets it be written to again.',
        ...(offset === undefined ? {} : { offset }),
      },
    ),
  )
}
