import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Offset } from './binding-errors.ts'

function variableError(message: string, offset: Offset, hint?: string): SqlError {
  return new SqlError(SqlState.SyntaxError, message, {
    ...(offset === undefined ? {} : { offset }),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** questdb-rbac.md, V7 and section 15. */
export function notOverridable(name: string, offset: Offset): SqlError {
  return variableError(`variable is not overridable: @${name}`, offset)
}

export function undeclaredVariable(name: string, offset: Offset): SqlError {
  return variableError(
    `variable is not declared: @${name}`,
    offset,
    'Declare it in DECLARE. Where @ is meant as an operator, write a space behind it.',
  )
}

export function duplicateVariable(name: string, offset: Offset): SqlError {
  return variableError(`variable is declared twice: @${name}`, offset)
}

export function selfReference(name: string, offset: Offset): SqlError {
  return variableError(`variable refers to itself: @${name}`, offset)
}

export function usedBeforeDeclaration(name: string, offset: Offset): SqlError {
  return variableError(
    `variable is used before its declaration: @${name}`,
    offset,
    'A variable can use those that are declared before it.',
  )
}

export function notInVariable(what: string, name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `${what} in variable @${name} is not supported`,
    offset === undefined ? {} : { offset },
  )
}

/** Readers' values are checked against the type of the view's own. */
export function untypedVariable(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.IndeterminateDatatype,
    `could not determine data type of variable @${name}`,
    {
      ...(offset === undefined ? {} : { offset }),
      hint: 'Explicitly cast its value to the desired type.',
    },
  )
}
