import type { Actor, PrincipalReference } from '../../acl/actor.ts'
import { principalNamed, type AccessModel } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'

/** Who acts: the admin or somebody stored, under its own list or that of an assumed account. */
export function actorOf(model: AccessModel, who: string, assumed?: string): Actor {
  const login = referenceTo(model, who)
  if (assumed === undefined) return { login, effective: login, assuming: false }
  return { login, effective: referenceTo(model, assumed), assuming: true }
}

export function referenceTo(model: AccessModel, name: string): PrincipalReference {
  if (name === 'admin') return { kind: 'BuiltInAdmin', name }
  const principal = principalNamed(model, foldName(name))
  if (principal === undefined) throw new Error(`${name} does not exist`)
  return { kind: 'Stored', id: principal.id, name: principal.name }
}
