/**
 * Which writes of tables were committed when, as far as it takes to tell that two snapshots are the
 * same: none was committed between them. A write counts from its beginning to its end, since it may
 * become visible at any moment in between.
 */
export class TableWrites {
  #begun = 0
  #ended = 0

  /** A write that may be committed from now on. @returns to be called once it is, or is not */
  begin(): () => void {
    this.#begun += 1
    return () => {
      this.#ended += 1
    }
  }

  /** This moment, to be compared later; nothing while writes are under way. */
  now(): number | undefined {
    return this.#begun === this.#ended ? this.#begun : undefined
  }

  /** Whether a snapshot taken now is one taken at that moment. */
  isStill(moment: number | undefined): boolean {
    return moment !== undefined && this.now() === moment
  }
}
