import type { BooleanTest, BoolTestType, NullTest } from '@pgsql/types'
import { coerceToBoolean, settle } from '../coercion.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { boolType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { operandOf } from './operand.ts'

/** IS [NOT] NULL. */
export function bindNullTest(node: NullTest, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const operand = settle(context, operandOf(node.arg, scope, clause))
  return {
    expression: {
      kind: 'NullTest',
      operand: operand.expression,
      negated: node.nulltesttype === 'IS_NOT_NULL',
      type: boolType,
    },
    type: boolType,
    location: node.location,
  }
}

const tests = {
  IS_TRUE: { test: 'TRUE', negated: false },
  IS_NOT_TRUE: { test: 'TRUE', negated: true },
  IS_FALSE: { test: 'FALSE', negated: false },
  IS_NOT_FALSE: { test: 'FALSE', negated: true },
  IS_UNKNOWN: { test: 'UNKNOWN', negated: false },
  IS_NOT_UNKNOWN: { test: 'UNKNOWN', negated: true },
} as const satisfies Record<BoolTestType, unknown>

/** IS [NOT] TRUE, FALSE, UNKNOWN. */
export function bindBooleanTest(node: BooleanTest, scope: Scope, clause: Clause): TypedExpression {
  const { test, negated } = tests[node.booltesttype ?? 'IS_TRUE']
  const words = `IS ${negated ? 'NOT ' : ''}${test}`
  const operand = coerceToBoolean(scope, operandOf(node.arg, scope, clause), words)
  return {
    expression: { kind: 'BooleanTest', operand, test, negated, type: boolType },
    type: boolType,
    location: node.location,
  }
}
