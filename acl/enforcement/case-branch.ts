import type { BoundExpression, CaseExpression } from '../../store/bound.ts'

/** `WHEN when THEN result`. */
export function caseBranch(
  when: BoundExpression,
  result: BoundExpression,
): CaseExpression['branches'][number] {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's name; nobody awaits a branch
  return { when, then: result }
}
