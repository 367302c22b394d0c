import type { BoundExpression, SessionValueName } from '../../../store/bound.ts'
import type { ScalarTypeName } from '../../../store/sql-type.ts'
import { scalar } from '../scalar.ts'

/** The session's value of that name, handed in as a parameter when the statement runs. */
export function sessionValue(name: SessionValueName, type: ScalarTypeName): BoundExpression {
  return { kind: 'SessionValue', name, type: scalar(type) }
}
