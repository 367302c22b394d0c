/**
 * Runs at most so many jobs at a time and lets so many more wait, in order. A hash takes a core and 19 MiB for
 * some 20 ms: more at once than cores would only make all of them, and everything else, slower.
 */
export class HashQueue {
  readonly #runningMax: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(bounds: { readonly runningMax: number; readonly waitingMax: number }) {
    this.#runningMax = bounds.runningMax
    this.#waitingMax = bounds.waitingMax
  }

  /** Whether the next job would find no place. */
  get isFull(): boolean {
    return this.#running >= this.#runningMax && this.#waiting.length >= this.#waitingMax
  }

  /** INVARIANT: `isFull` was false. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    // A place that becomes free goes to the first that waits, so `#running` does not change then.
    if (this.#running >= this.#runningMax) await this.#turn()
    else this.#running += 1
    try {
      return await job()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }
}
