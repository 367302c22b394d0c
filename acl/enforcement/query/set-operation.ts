import type { SelectStmt } from '@pgsql/types'
import type { BoundSetOperation } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { commonType } from '../../types/coerce.ts'
import { datatypeMismatch, notSupported, syntaxError } from '../binding-errors.ts'
import { argumentType, typeWords } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { failedExpression } from '../typed-expression.ts'
import { bindLimit } from './limit.ts'
import { bindOutputOrder } from './output-order.ts'
import { finishDraftAs, outputColumn } from './select-draft.ts'
import type { DraftColumn, SelectDraft } from './select-draft.ts'

const operators = {
  SETOP_UNION: 'UNION',
  SETOP_INTERSECT: 'INTERSECT',
  SETOP_EXCEPT: 'EXCEPT',
} as const

type BindArm = (tree: SelectStmt, parent: Scope) => SelectDraft

/** UNION, INTERSECT, EXCEPT: columns of one type, names from the left (transformSetOperationStmt). */
export function bindSetOperation(tree: SelectStmt, scope: Scope, bindArm: BindArm): SelectDraft {
  const { larg, rarg } = tree
  if (larg === undefined || rarg === undefined) throw notSupported('this set operation', undefined)
  const left = bindArm(larg, scope)
  const right = bindArm(rarg, scope)
  return combineArms(tree, { left, right, scope })
}

/** The operation over its two bound arms. */
export function combineArms(
  tree: SelectStmt,
  arms: { readonly left: SelectDraft; readonly right: SelectDraft; readonly scope: Scope },
): SelectDraft {
  const { left, right, scope } = arms
  const { context } = scope
  const operator = operatorOf(tree)
  const types = columnTypes(left, right, { scope, operator })
  const columns = left.columns.map(({ name }, index): DraftColumn => ({
    name,
    value: { expression: failedExpression, type: types[index], location: undefined },
  }))
  const orderBy = bindOutputOrder(tree.sortClause, columns, {
    scope,
    construct: 'UNION/INTERSECT/EXCEPT',
  })
  const limits = bindLimit(tree, scope)
  return {
    columns,
    isPlain: false,
    build: () => {
      const body: BoundSetOperation = {
        kind: 'SetOperation',
        operator,
        all: tree.all ?? false,
        left: finishDraftAs(context, left, { types, context: 'implicit' }),
        right: finishDraftAs(context, right, { types, context: 'implicit' }),
      }
      return {
        kind: 'Query',
        with: [],
        recursive: false,
        body,
        orderBy,
        ...limits,
        columns: columns.map((column, index) => outputColumn(column, types[index])),
      }
    },
  }
}

export function operatorOf(tree: SelectStmt): BoundSetOperation['operator'] {
  const { op } = tree
  if (op === undefined || op === 'SETOP_NONE') throw notSupported('this set operation', undefined)
  return operators[op]
}

function columnTypes(
  left: SelectDraft,
  right: SelectDraft,
  { scope, operator }: { readonly scope: Scope; readonly operator: string },
): readonly (SqlType | undefined)[] {
  const { context } = scope
  if (left.columns.length !== right.columns.length) {
    throw syntaxError(
      `each ${operator} query must have the same number of columns`,
      context.offsetOf(right.columns[0]?.value.location),
    )
  }
  return left.columns.map(({ value }, index) => {
    const other = right.columns[index]?.value
    if (value.type === undefined || other?.type === undefined) return undefined
    const type = commonType([argumentType(value), argumentType(other)])
    if (type === undefined) {
      throw datatypeMismatch(
        `${operator} types ${typeWords(value.type)} and ${typeWords(other.type)} cannot be matched`,
        context.offsetOf(other.location),
      )
    }
    return type
  })
}
