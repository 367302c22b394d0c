import type { WireFormat } from '../../../store/store.ts'

/** Bind: gives a prepared statement its parameters and makes a portal of it. */
export interface Bind {
  readonly kind: 'Bind'
  readonly portal: string
  readonly statement: string
  /** None (all text), one for all, or one a parameter. */
  readonly parameterFormats: readonly WireFormat[]
  /** As sent; SQL's NULL is null. */
  readonly parameters: readonly (Uint8Array | null)[]
  /** None (all text), one for all, or one a column. */
  readonly resultFormats: readonly WireFormat[]
}
