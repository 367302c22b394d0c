/** Throws when what the program relies on does not hold: a bug, never a user's error; ends as XX000. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (condition === false || condition === undefined || condition === null) {
    throw new Error(`invariant violated: ${why}`)
  }
}
