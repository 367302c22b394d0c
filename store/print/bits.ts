/** Shifts as a C compiler does them for PostgreSQL: the distance counts modulo the width, bits fall off. */
import type { Operand } from './printer.ts'
import { scalarName } from './type.ts'

interface Operands {
  readonly left: Operand
  readonly right: Operand
}

/** An int2 is shifted as an int4, as in C. */
export function shiftRight({ left, right }: Operands): string {
  const name = scalarName(left.type)
  if (name === 'int8') return `(${left.sql} >> (${right.sql} & 63))`
  const shifted = `(CAST(${left.sql} AS INTEGER) >> (${right.sql} & 31))`
  return name === 'int2' ? `CAST(${shifted} AS SMALLINT)` : shifted
}

/** The engine refuses to shift bits out or negative numbers: done by multiplying in a wider type. */
export function shiftLeft({ left, right }: Operands): string {
  const name = scalarName(left.type)
  if (name === 'int8') {
    return shiftIn({ left, right, width: 64, distanceMask: 63, type: 'BIGINT' })
  }
  if (name === 'int2') {
    return shiftIn({ left, right, width: 16, distanceMask: 31, type: 'SMALLINT' })
  }
  return shiftIn({ left, right, width: 32, distanceMask: 31, type: 'INTEGER' })
}

interface Shift extends Operands {
  readonly width: 16 | 32 | 64
  readonly distanceMask: 31 | 63
  readonly type: string
}

/** The product modulo 2^width, read as two's complement. */
function shiftIn({ left, right, width, distanceMask, type }: Shift): string {
  const modulus = hugeint(1n << BigInt(width))
  const half = hugeint(1n << BigInt(width - 1))
  const factor = `(CAST(1 AS HUGEINT) << (${right.sql} & ${distanceMask}))`
  const product = `(CAST(${left.sql} AS HUGEINT) * ${factor})`
  const wrapped = `(((${product} + ${half}) % ${modulus} + ${modulus}) % ${modulus} - ${half})`
  return `CAST(${wrapped} AS ${type})`
}

function hugeint(value: bigint): string {
  return `CAST(${value} AS HUGEINT)`
}
