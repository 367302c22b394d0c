import type { VariableUses } from './statement.ts'
import type { Token } from './token.ts'

/** A range of the client's text, its tokens, and what stands behind it. */
export interface QuerySource {
  readonly source: string
  readonly tokens: readonly Token[]
  /** The token behind the range: an error at the range's end is an error there. */
  readonly following: Token
  /** Where variables stand in the range; absent where no DECLARE is around. */
  readonly variables?: VariableUses
}
