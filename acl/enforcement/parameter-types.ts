import type { SqlType } from '../../store/sql-type.ts'

/**
 * The types of `$1`, `$2`, ... as they become known: declared in Parse, or taken from where a
 * parameter first stands beside something that has a type (PostgreSQL, parse_param.c).
 */
export class ParameterTypes {
  readonly #types: (SqlType | undefined)[]

  constructor(declared: readonly (SqlType | undefined)[]) {
    this.#types = [...declared]
  }

  /** Notes that the statement uses `$number`. */
  use(number: number): void {
    while (this.#types.length < number) this.#types.push(undefined)
  }

  typeOf(number: number): SqlType | undefined {
    return this.#types[number - 1]
  }

  /** The first to say so decides; returns the type that holds. */
  decide(number: number, type: SqlType): SqlType {
    this.use(number)
    const known = this.#types[number - 1]
    if (known !== undefined) return known
    this.#types[number - 1] = type
    return type
  }

  /** What nothing decided is text, also a number that the statement skips. */
  list(): readonly SqlType[] {
    return this.#types.map((type) => type ?? { kind: 'Scalar', name: 'text' })
  }
}
