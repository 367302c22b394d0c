/** GRANT and REVOKE ASSUME SERVICE ACCOUNT (questdb-rbac.md, U1). */
import { accountsCannotAssume, principalDoesNotExist } from './access-errors.ts'
import type { GrantAssumeChange, NamedKey, RevokeAssumeChange } from './change.ts'
import type { Draft } from './draft.ts'
import type { Principal } from './effect.ts'
import { notifyWaitingGrantee, storedOrSaid, verifyGrantee } from './grant.ts'
import { principalNamed, type AccessModel } from './model.ts'

export function applyGrantAssume(draft: Draft, change: GrantAssumeChange): void {
  const account = accountNamed(draft.model, change.account)
  const grantee = principalNamed(draft.model, change.grantee.key)
  if (grantee?.kind === 'ServiceAccount') throw accountsCannotAssume(change.grantee)
  if (change.verification) verifyGrantee(draft.model, change.grantee)
  else notifyWaitingGrantee(draft, change.grantee)
  putLink(draft, { grantee: change.grantee, account, grantOption: change.grantOption })
}

/** Makes the link or gives it its option (G8). */
export function putLink(
  draft: Draft,
  link: {
    readonly grantee: NamedKey
    readonly account: Principal
    readonly grantOption: boolean
  },
): void {
  draft.emit({
    kind: 'PutLink',
    grantee: link.grantee.key,
    granteeName: storedOrSaid(draft.model, link.grantee),
    account: link.account.id,
    grantOption: link.grantOption,
  })
}

/** Removing a link that is not there is success; a grantee that nobody knows is a slip (G26). */
export function applyRevokeAssume(draft: Draft, change: RevokeAssumeChange): void {
  const account = accountNamed(draft.model, change.account)
  const links = draft.model.links.get(change.grantee.key)
  if (links === undefined && !draft.model.ids.has(change.grantee.key)) {
    throw principalDoesNotExist('Entity', change.grantee)
  }
  if (links?.has(account.id) === true) {
    draft.emit({ kind: 'DeleteLink', grantee: change.grantee.key, account: account.id })
  }
}

function accountNamed(model: AccessModel, said: NamedKey): Principal {
  const account = principalNamed(model, said.key)
  if (account?.kind !== 'ServiceAccount') throw principalDoesNotExist('ServiceAccount', said)
  return account
}
