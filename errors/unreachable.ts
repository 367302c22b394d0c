/** Ends a closed switch: the compiler proves that `value` cannot be there. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
