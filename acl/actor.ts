import type { PrincipalId } from './names.ts'

/** The built-in admin, or a stored principal by its number. */
export type PrincipalReference =
  | { readonly kind: 'BuiltInAdmin'; readonly name: string }
  | { readonly kind: 'Stored'; readonly id: PrincipalId; readonly name: string }

/** Who acts in a session: who logged in, and whose list decides now (differs while assuming). */
export interface Actor {
  readonly login: PrincipalReference
  readonly effective: PrincipalReference
  /** Whether a service account is assumed; then nobody is "itself" for secrets (S18). */
  readonly assuming: boolean
}
