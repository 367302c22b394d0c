/**
 * Documents of the catalog: values that are stored as one text. The catalog wrote them itself, so a text
 * that does not read back as what it should be means a damaged file, not a wrong input.
 */
import type { Commit, Effect } from '../acl/effect.ts'
import type { Relation } from '../acl/schema.ts'
import { decodeTaggedJson } from './tagged-json.ts'

const effectKinds = {
  PutPrincipal: true,
  DeletePrincipal: true,
  SetPasswordHash: true,
  PutMembership: true,
  DeleteMembership: true,
  PutEntry: true,
  DeleteEntry: true,
  PutLink: true,
  DeleteLink: true,
  PutRelation: true,
  DeleteRelation: true,
} satisfies Record<Effect['kind'], true>

/** @throws SyntaxError for anything but a stored relation */
export function decodeRelation(text: string): Relation {
  const value = decodeTaggedJson(text)
  if (!isRelation(value)) throw new SyntaxError('not a relation')
  return value
}

/** @throws SyntaxError for anything but a stored commit */
export function decodeCommit(text: string): Commit {
  const value = decodeTaggedJson(text)
  if (!isCommit(value)) throw new SyntaxError('not a commit')
  return value
}

function isRelation(value: unknown): value is Relation {
  if (!isObject(value)) return false
  const isNamed =
    typeof value['oid'] === 'number' &&
    typeof value['key'] === 'string' &&
    typeof value['schema'] === 'string' &&
    typeof value['name'] === 'string' &&
    Array.isArray(value['columns'])
  if (!isNamed) return false
  if (value['kind'] === 'View') return isObject(value['definition'])
  return value['kind'] === 'Table' && typeof value['nextAttnum'] === 'number'
}

function isCommit(value: unknown): value is Commit {
  return (
    isObject(value) &&
    typeof value['epoch'] === 'number' &&
    Array.isArray(value['effects']) &&
    value['effects'].every(isEffect) &&
    Array.isArray(value['audit']) &&
    value['audit'].every(isObject)
  )
}

function isEffect(value: unknown): value is Effect {
  return (
    isObject(value) &&
    typeof value['kind'] === 'string' &&
    Object.hasOwn(effectKinds, value['kind'])
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
