import type { Brand } from '../errors/brand.ts'

/** A name folded for comparing (rule N4: Unicode simple case folding); made by `foldName` only. */
export type FoldedName = Brand<string, 'FoldedName'>

/** Identity of a relation's *name*: folded, with its schema; made by `relationKey` only. */
export type RelationKey = Brand<string, 'RelationKey'>

/** The number of a stored principal; never reused, so that a later namesake is not mistaken for it. */
export type PrincipalId = Brand<number, 'PrincipalId'>

/** The number of a relation; never reused. Its table is `t<oid>` in the store. */
export type Oid = Brand<number, 'Oid'>

/** The number of an access model; each published change has the next one. */
export type Epoch = Brand<number, 'Epoch'>

/** The schema that unqualified names mean. */
export const defaultSchema = 'public'

/** A relation as a statement names it: the key to compare by, and the words to say it with. */
export interface RelationName {
  readonly key: RelationKey
  readonly schema: string
  readonly name: string
}
