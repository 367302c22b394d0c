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

/** The epoch of a model that nothing was done to. */
export const firstEpoch: Epoch = toEpoch(0)

/** The schema that unqualified names mean. */
export const defaultSchema = 'public'

/** A relation as a statement names it: the key to compare by, and the words to say it with. */
export interface RelationName {
  readonly key: RelationKey
  readonly schema: string
  readonly name: string
}

const asciiOnly = /^[\0-\x7f]*$/

/**
 * Folds a name for comparing (questdb-rbac.md, N4). Never `toLowerCase` on the whole text: that is
 * full mapping, which looks at neighbours (final sigma) and changes lengths (`İ`).
 */
export function foldName(text: string): FoldedName {
  const folded = asciiOnly.test(text)
    ? text.toLowerCase()
    : Array.from(text, foldCharacter).join('')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one maker of the brand
  return folded as FoldedName
}

/**
 * Unicode simple case folding of one code point (CaseFolding.txt, statuses C and S): up, then down,
 * each only where one code point becomes one. Dotless i alone has an upper case that is not its own.
 */
function foldCharacter(character: string): string {
  if (character === 'ı') return character
  const upper = ifOneCharacter(character.toUpperCase()) ?? character
  return ifOneCharacter(upper.toLowerCase()) ?? character
}

function ifOneCharacter(text: string): string | undefined {
  return Array.from(text).length === 1 ? text : undefined
}

/** The key of a relation's name; the schema's dots are escaped, so that no two names share a key. */
export function relationKey(words: {
  readonly schema: string
  readonly name: string
}): RelationKey {
  const schema = foldName(words.schema).replaceAll(/[\\.]/g, '\\$&')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one maker of the brand
  return `${schema}.${foldName(words.name)}` as RelationKey
}

/** A relation's name from its words; without a schema it is in {@link defaultSchema}. */
export function relationName(words: {
  readonly schema?: string
  readonly name: string
}): RelationName {
  const schema = words.schema ?? defaultSchema
  return { key: relationKey({ schema, name: words.name }), schema, name: words.name }
}

/** How a relation is called in messages and rows: its schema is said unless it is the default (Z1, W6). */
export function displayRelation(relation: {
  readonly schema: string
  readonly name: string
}): string {
  return foldName(relation.schema) === defaultSchema
    ? relation.name
    : `${relation.schema}.${relation.name}`
}

/** The epoch that the model after this one has. */
export function nextEpoch(epoch: Epoch): Epoch {
  return toEpoch(epoch + 1)
}

function toEpoch(number: number): Epoch {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one maker of the brand
  return number as Epoch
}
