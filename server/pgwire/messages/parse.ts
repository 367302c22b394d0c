/** Parse: prepares a statement under a name; the empty name is the unnamed statement. */
export interface Parse {
  readonly kind: 'Parse'
  readonly name: string
  readonly text: string
  /** Object identifiers of types as sent; 0 leaves a type open. May be shorter than the parameters. */
  readonly parameterTypes: readonly number[]
}
