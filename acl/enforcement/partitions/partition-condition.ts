import type { ExpressionSyntax } from '../../../parser/statement.ts'
import type { BoundExpression, RangeId } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import type { Table } from '../../schema.ts'
import { call, text } from '../../types/expressions.ts'
import { areNotSupported, unknownParameter } from '../binding-errors.ts'
import { BindContext } from '../bind-context.ts'
import { visitExpressions } from '../bound-tree.ts'
import { coerceToBoolean } from '../coercion.ts'
import { visibleItem } from '../from/from-item.ts'
import { Scope } from '../scope.ts'
import { checkSyntax } from '../syntax-gate.ts'
import { designatedColumn, groupColumn, isWithZone, timestampType } from './partition-groups.ts'

/**
 * WHERE of DROP PARTITION and DETACH PARTITION. As in QuestDB it is asked of the moment at which a partition
 * begins, and the partition is taken as a whole or not at all: no other column is in scope, and nothing
 * is read of a row. So no SELECT is needed (section 11 lists the one permission); what a condition can tell
 * is which partitions there are, to somebody who may drop them all.
 */
export function bindPartitionCondition(
  syntax: ExpressionSyntax,
  given: { readonly context: BindContext; readonly table: Table; readonly range: RangeId },
): BoundExpression {
  const { options, binders } = given.context
  checkSyntax(syntax.tree, { offsetOf: syntax.offsetOf })
  const context = new BindContext({ options, syntax, binders })
  const scope = new Scope(context)
  const { name, key, type } = designatedColumn(given.table)
  const start: BoundExpression = {
    kind: 'ColumnReference',
    range: given.range,
    column: groupColumn.start,
    type: timestampType,
  }
  const value = isWithZone(type) ? call('timezone', [text('UTC'), start], type) : start
  scope.items = [
    visibleItem({
      name: { text: given.table.name, key: foldName(given.table.name) },
      columns: [
        { name, key, type, read: ({ location }) => ({ expression: value, type, location }) },
      ],
      missing: () => undefined,
    }),
  ]
  const bound = binders.expression(syntax.tree, scope, 'partition conditions')
  const condition = context.attempt(() => coerceToBoolean(scope, bound, 'WHERE'), bound.expression)
  if (context.error !== undefined) throw context.error
  const offset = syntax.offsetOf(bound.location)
  visitExpressions(condition, (part, depth) => {
    if (depth > 0) throw areNotSupported('subqueries in partition conditions', offset)
    if (part.kind === 'Parameter') throw unknownParameter(part.number, offset)
    return true
  })
  return condition
}
