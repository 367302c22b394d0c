import type { BoundExpression } from '../../../store/bound.ts'
import { argumentTooComplex, volatileArgument } from '../errors.ts'

/** Most nodes of an argument that an exact form mentions more than once: nesting doubles it. */
const nodesMax = 500

/** Functions of the engine that give another value each time. */
const volatile: ReadonlySet<string> = new Set(['random', 'gen_random_uuid'])

/**
 * The arguments, if an exact form may mention them more than once: small, and the same each time.
 * @throws SqlError 54001, 0A000
 */
export function repeatable<T extends readonly BoundExpression[]>(name: string, args: T): T {
  let count = 0
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('kind' in node) {
      count += 1
      if (count > nodesMax) throw argumentTooComplex(name)
      if (isVolatile(node)) throw volatileArgument(name)
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(args)
  return args
}

function isVolatile(node: object): boolean {
  return 'function' in node && typeof node.function === 'string' && volatile.has(node.function)
}
