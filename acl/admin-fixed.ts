import { unreachable } from '../errors/unreachable.ts'
import { adminPermissionsFixed } from './access-errors.ts'
import type { Change, NamedKey } from './change.ts'
import { isAdminName, type AccessModel } from './model.ts'

/**
 * The built-in admin's access list cannot be changed, by anybody; this comes before any other check
 * (questdb-rbac.md, A3).
 * @throws SqlError 0LP01
 */
export function refuseAdminGrantee(model: AccessModel, change: Change): void {
  const admin = granteesOf(change).find(({ key }) => isAdminName(model, key))
  if (admin !== undefined) throw adminPermissionsFixed(admin)
}

function granteesOf(change: Change): readonly NamedKey[] {
  switch (change.kind) {
    case 'Grant':
    case 'Revoke':
    case 'GrantAssume':
    case 'RevokeAssume':
      return [change.grantee]
    case 'ChangeMembership':
      return [change.user, ...change.groups]
    case 'CreatePrincipal':
    case 'AlterPrincipal':
    case 'DropPrincipal':
    case 'CreateTable':
    case 'DropRelation':
    case 'RenameTable':
    case 'AddColumns':
    case 'DropColumns':
    case 'RenameColumn':
    case 'CreateView':
      return []
    default:
      return unreachable(change)
  }
}
