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
  if (change.kind === 'ChangeMembership') return [change.user, ...change.groups]
  return 'grantee' in change ? [change.grantee] : []
}
