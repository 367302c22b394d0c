/** Expressions: one case a node kind, in the order of store/bound.ts. */
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BooleanTest,
  BoundExpression,
  CaseExpression,
  ColumnReference,
  ConditionalCall,
  Logical,
} from '../bound.ts'
import { printArrayConstructor, printQuantifiedArray, printSlice, printSubscript } from './array.ts'
import { printBinary, printPrefix } from './operator.ts'
import { printAggregate, printFunction, printGroupingCall, printWindow } from './call.ts'
import { printCast } from './cast.ts'
import {
  printBetween,
  printDistinctTest,
  printEquality,
  printInList,
  printNullTest,
} from './comparison.ts'
import { printLike } from './like.ts'
import { printLiteral } from './literal.ts'
import { columnName, outputName, rangeName } from './names.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { printQuantifiedSubquery } from './quantified-subquery.ts'
import { engineType } from './type.ts'

/** An expression; anything that is not a name or a call stands in parentheses of its own. */
export function printExpression(printer: Printer, expression: BoundExpression): string {
  switch (expression.kind) {
    case 'Constant':
      return printLiteral(expression.value, expression.type)
    case 'Parameter': {
      const { number, type } = expression
      return `CAST(${printer.parameter({ kind: 'Client', number, type })} AS ${engineType(type)})`
    }
    case 'SessionValue': {
      const { name, type } = expression
      return `CAST(${printer.parameter({ kind: 'Session', name, type })} AS ${engineType(type)})`
    }
    case 'ColumnReference':
      return printColumnReference(printer, expression)
    case 'BinaryOperation':
      return printBinary(printer, expression)
    case 'PrefixOperation':
      return printPrefix(printer, expression)
    case 'Logical':
      return printLogical(printer, expression)
    case 'Not':
      return `(NOT ${printer.expression(expression.operand)})`
    case 'NullTest':
      return printNullTest(printer, expression)
    case 'BooleanTest':
      return printBooleanTest(printer, expression)
    case 'DistinctTest':
      return printDistinctTest(printer, expression)
    case 'Between':
      return printBetween(printer, expression)
    case 'InList':
      return printInList(printer, expression)
    case 'LikeMatch':
      return printLike(printer, expression)
    case 'QuantifiedArray':
      return printQuantifiedArray(printer, expression)
    case 'CaseExpression':
      return printCase(printer, expression)
    case 'Cast':
      return printCast(printer, expression)
    case 'FunctionCall':
      return printFunction(printer, expression)
    case 'ConditionalCall':
      return printConditional(printer, expression)
    case 'AggregateCall':
      return printAggregate(printer, expression)
    case 'WindowCall':
      return printWindow(printer, expression)
    case 'GroupingCall':
      return printGroupingCall(printer, expression)
    case 'ScalarSubquery':
      return `(${printer.query(expression.query)})`
    case 'ExistsSubquery':
      return `EXISTS (${printer.query(expression.query)})`
    case 'QuantifiedSubquery':
      return printQuantifiedSubquery(printer, expression)
    case 'ArraySubquery':
      return `ARRAY(${printer.query(expression.query)})`
    case 'ArrayConstructor':
      return printArrayConstructor(printer, expression)
    case 'RowConstructor':
      return `ROW(${expression.fields.map((field) => printer.expression(field)).join(', ')})`
    case 'Subscript':
      return printSubscript(printer, expression)
    case 'Slice':
      return printSlice(printer, expression)
    case 'Variable':
      return printer.expression(expression.value)
    case 'DefaultValue':
      return 'DEFAULT'
    default:
      return unreachable(expression)
  }
}

function printColumnReference(printer: Printer, { range, column }: ColumnReference): string {
  const target = printer.targetOf(range)
  if (target === undefined) return `${rangeName(range)}.${outputName(column)}`
  const name = columnName(column)
  return target.qualifier === undefined ? name : `${target.qualifier}.${name}`
}

function printLogical(printer: Printer, { operator, operands }: Logical): string {
  invariant(operands.length > 0, `${operator} has operands`)
  return `(${operands.map((operand) => printer.expression(operand)).join(` ${operator} `)})`
}

function printBooleanTest(printer: Printer, { operand, test, negated }: BooleanTest): string {
  const sql = printer.expression(operand)
  if (test === 'UNKNOWN') return `(${sql} IS ${negated ? 'NOT ' : ''}NULL)`
  return `(${sql} IS ${negated ? '' : 'NOT '}DISTINCT FROM ${test === 'TRUE' ? 'true' : 'false'})`
}

function printCase(printer: Printer, { operand, branches, otherwise }: CaseExpression): string {
  const printed = branches.map(({ when, then }) => {
    const condition =
      operand === undefined
        ? printer.expression(when)
        : printEquality(printer, operandOf(printer, operand), operandOf(printer, when))
    return `WHEN ${condition} THEN ${printer.expression(then)}`
  })
  const last = otherwise === undefined ? '' : ` ELSE ${printer.expression(otherwise)}`
  return `CASE ${printed.join(' ')}${last} END`
}

function printConditional(printer: Printer, call: ConditionalCall): string {
  if (call.function === 'nullif') return printNullIf(printer, call)
  const values = call.arguments.map((argument) => printer.expression(argument))
  return `${call.function}(${values.join(', ')})`
}

function printNullIf(printer: Printer, { arguments: [left, right] }: ConditionalCall): string {
  invariant(left !== undefined && right !== undefined, 'nullif has two arguments')
  const first = operandOf(printer, left)
  const equal = printEquality(printer, first, operandOf(printer, right))
  return `CASE WHEN ${equal} THEN NULL ELSE ${first.sql} END`
}
