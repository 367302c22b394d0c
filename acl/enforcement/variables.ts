import type { FoldedName } from '../names.ts'
import { foldName } from '../names.ts'
import { tooComplex } from './binding-errors.ts'
import type { Offset } from './binding-errors.ts'
import { extentOf } from './extent.ts'
import type { TypedExpression } from './typed-expression.ts'

/** A variable of DECLARE, bound (V7). */
export interface BoundVariable {
  /** As declared, without the `@`. */
  readonly name: string
  readonly value: TypedExpression
  /** Where the client's text declares it; absent for one of a stored view. */
  readonly offset: Offset
}

/** Expressions that variables stand for are written out at each use: `@b := @a + @a` doubles. */
const nodesMax = 10_000
const heightMax = 200

/** The variables that a statement declares, in the order of their declaration. */
export class Variables {
  readonly #byKey = new Map<FoldedName, BoundVariable>()
  /** Shared by all of one statement. */
  readonly #size: { nodes: number }

  constructor(size = { nodes: 0 }) {
    this.#size = size
  }

  declare(variable: BoundVariable): void {
    this.#byKey.set(foldName(variable.name), variable)
  }

  find(name: string): BoundVariable | undefined {
    return this.#byKey.get(foldName(name))
  }

  /** Those of a view inside this statement or view: its own go before these. */
  within(): Variables {
    const inner = new Variables(this.#size)
    for (const variable of this.#byKey.values()) inner.declare(variable)
    return inner
  }

  /** Notes that the statement writes the variable's value out once more. @throws SqlError 54001 */
  countUse({ value }: BoundVariable): void {
    const { nodes, height } = extentOf(value.expression)
    this.#size.nodes += nodes
    if (this.#size.nodes > nodesMax || height > heightMax) {
      throw tooComplex(`variables expand to more than ${nodesMax} nodes or ${heightMax} levels`)
    }
  }
}
