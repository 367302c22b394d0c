import type { ParsedStatement } from '../../parser/statement.ts'
import type { Plan } from './plan.ts'

/** A text that was parsed, and the plans of its statements, each for the schema it was bound against. */
export interface CachedText {
  readonly statements: readonly ParsedStatement[]
  /** By the statement's index and the types declared for its parameters; the newest schema's only. */
  readonly plans: Map<string, Plan>
}

/** Texts above this are parsed anew each time (performance.md, section 4, "Plan cache"). */
const cachedCharactersMax = 16_384
/** What one entry costs beside its text: trees, SQL, map. A measured order of magnitude, not a count. */
const bytesPerCharacter = 24
const bytesPerEntry = 4096

/**
 * Texts that clients send again, least recently used out first, bounded by estimated bytes. The key is
 * the text with the search path, never a principal.
 */
export class PlanCache {
  #bytesMax: number
  readonly #entries = new Map<string, CachedText>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** The entry for the text, parsed by `parse` if it is not here. */
  text(
    key: { readonly text: string; readonly searchPath: string },
    parse: () => readonly ParsedStatement[],
  ): CachedText {
    const name = `${key.searchPath}\u0000${key.text}`
    const found = this.#entries.get(name)
    if (found !== undefined) {
      this.#entries.delete(name)
      this.#entries.set(name, found)
      return found
    }
    const made: CachedText = { statements: parse(), plans: new Map() }
    if (key.text.length <= cachedCharactersMax && isCacheable(made.statements))
      this.#keep(name, made)
    return made
  }

  /** Drops what is kept; a statement that a session prepared is planned anew when it is next executed. */
  clear(): void {
    for (const entry of this.#entries.values()) entry.plans.clear()
    this.#entries.clear()
    this.#bytes = 0
  }

  /** From now on at most so many bytes are kept. */
  resize(bytesMax: number): void {
    this.#bytesMax = bytesMax
    this.#shrink()
  }

  #keep(name: string, entry: CachedText): void {
    this.#entries.set(name, entry)
    this.#bytes += cost(name)
    this.#shrink()
  }

  #shrink(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax) return
      this.#entries.delete(oldest)
      this.#bytes -= cost(oldest)
    }
  }
}

function cost(name: string): number {
  return bytesPerEntry + name.length * bytesPerCharacter
}

/** A text with a secret in it is not kept in memory longer than its statement runs (rule R6). */
function isCacheable(statements: readonly ParsedStatement[]): boolean {
  return statements.every((parsed) => parsed.secrets.length === 0)
}
