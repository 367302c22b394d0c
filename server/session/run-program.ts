import { invariant } from '../../errors/invariant.ts'
import type { ExecuteRequest, Program } from '../../store/store.ts'
import type { ExecutionContext } from './execution.ts'

/** Runs a program that gives no rows back, to its end. @returns how many rows it changed */
export async function runProgram(
  context: Pick<ExecutionContext, 'store'>,
  program: Program,
  values: ExecuteRequest['values'],
): Promise<number> {
  const portal = context.store.open({ program, values, formats: [] })
  const outcome = await portal.fetch(0, { rows: discardRows })
  return outcome.rowCount
}

function discardRows(): void {
  invariant(false, 'a physical change gives no rows')
}
