/**
 * Joins by time. The engine has an ASOF JOIN of its own, which fails an assertion of its now and then
 * where there are keys (PhysicalAsOfJoin, found by the tests of this project), and the whole database
 * with it. So the rows of both sides are put into one order, and each of the left takes the last of the
 * right before it.
 */
import { invariant } from '../../errors/invariant.ts'
import type { BoundExpression, BoundFromItem, BoundJoin, RangeId } from '../bound.ts'
import { joinName, rangeName } from './names.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { unpadded } from './unpadded.ts'

/** What the condition of a join by time consists of. */
interface TimeCondition {
  readonly keys: readonly Sides<BoundExpression>[]
  readonly time: Sides<BoundExpression>
  /** The right side's row is before the left's, not only not after it. */
  readonly isStrict: boolean
}

interface Sides<T> {
  readonly left: T
  readonly right: T
}

/**
 * The items of both sides come out as structs under their names, so that `"r1"."k1"` is what it is in any
 * other join. A row without a time, or with a key that is NULL, matches nothing.
 */
export function printAsofJoin(
  printer: Printer,
  { left, right, on }: BoundJoin,
  printItem: (item: BoundFromItem) => string,
): string {
  const { keys, time, isStrict } = conditionOf(on)
  const leftNames = rangesOf(left).map(rangeName)
  const rightNames = rangesOf(right).map(rangeName)
  // At one time the right side's rows come first, and so are found, unless they must be before.
  const order = isStrict ? { left: 0, right: 1 } : { left: 1, right: 0 }
  const sides = [
    arm(printer, { order: order.left, time: time.left, keys: keys.map((key) => key.left) }),
    arm(printer, { order: order.right, time: time.right, keys: keys.map((key) => key.right) }),
  ] as const
  const known = [time.right, ...keys.map((key) => key.right)]
    .map((expression) => `${printer.expression(expression)} IS NOT NULL`)
    .join(' AND ')
  const rows = [
    `SELECT ${sides[0]}${structs(leftNames)}${nulls(rightNames)} FROM ${printItem(left)}`,
    `SELECT ${sides[1]}${nulls(leftNames)}${structs(rightNames)} FROM ${printItem(right)} WHERE ${known}`,
  ].join(' UNION ALL ')
  const partition = keys.map((_, index) => keyName(index)).join(', ')
  const window = [
    partition === '' ? '' : `PARTITION BY ${partition} `,
    `ORDER BY ${timeName} ASC NULLS FIRST, ${orderName} ASC `,
    'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
  ].join('')
  const matched = rightNames.map(
    (name) => `last_value(${name} IGNORE NULLS) OVER (${window}) AS ${name}`,
  )
  const ordered = `SELECT ${[orderName, ...leftNames, ...matched].join(', ')} FROM (${rows})`
  const columns = [...leftNames, ...rightNames].join(', ')
  const [first] = rangesOf(right)
  invariant(first !== undefined, 'a side of a join has a range')
  return `(SELECT ${columns} FROM (${ordered}) WHERE ${orderName} = ${order.left}) AS ${joinName(first)}`
}

/** Each item's row as one value. */
function structs(names: readonly string[]): string {
  return names.map((name) => `, ${name} AS ${name}`).join('')
}

function nulls(names: readonly string[]): string {
  return names.map((name) => `, NULL AS ${name}`).join('')
}

const orderName = '"o"'
const timeName = '"t"'

function keyName(index: number): string {
  return `"e${index + 1}"`
}

/** What the rows of a side are put in order by. */
function arm(
  printer: Printer,
  given: {
    readonly order: number
    readonly time: BoundExpression
    readonly keys: readonly BoundExpression[]
  },
): string {
  const { order, time, keys } = given
  const columns = keys.map(
    (key, index) => `${unpadded(operandOf(printer, key))} AS ${keyName(index)}`,
  )
  return [
    `${order} AS ${orderName}`,
    `${printer.expression(time)} AS ${timeName}`,
    ...columns,
  ].join(', ')
}

function conditionOf(on: BoundExpression | undefined): TimeCondition {
  const parts = on?.kind === 'Logical' && on.operator === 'AND' ? on.operands : []
  const comparisons = parts.map((part) => {
    invariant(part.kind === 'BinaryOperation', 'a join by time compares')
    return part
  })
  const time = comparisons.at(-1)
  const keys = comparisons.slice(0, -1)
  invariant(
    time !== undefined && (time.operator === '>=' || time.operator === '>'),
    'a join by time has an order',
  )
  invariant(
    keys.every(({ operator }) => operator === '='),
    'the keys of a join by time are equal',
  )
  return { keys, time, isStrict: time.operator === '>' }
}

/** The names that a side brings in. */
function rangesOf(item: BoundFromItem): readonly RangeId[] {
  return item.kind === 'Join' ? [...rangesOf(item.left), ...rangesOf(item.right)] : [item.range]
}
