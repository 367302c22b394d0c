/** What the engine did is not what the program said: a bug of ours, told to the log as XX000. */
export function engineFault(why: string): Error {
  return new Error(`INTERNAL Error: ${why}`)
}
