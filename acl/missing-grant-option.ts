import type { PrincipalReference } from './actor.ts'
import { effectiveList } from './effective-list.ts'
import { holdsGrantOption } from './grant-option.ts'
import type { AskedTarget } from './grant-targets.ts'
import type { AccessModel } from './model.ts'
import type { FoldedName } from './names.ts'
import type { PermissionName } from './permission-registry.ts'
import { inTableOrder, namedColumn } from './required-column.ts'
import type { MissingPermission } from './requirement.ts'
import { spokenName } from './visible.ts'

/**
 * What a principal lacks to pass a permission on at a target (questdb-rbac.md, G29, G30): the option
 * at a scope that covers the target, or at each of the columns that it names.
 */
export function missingGrantOption(
  model: AccessModel,
  reference: PrincipalReference,
  permission: PermissionName,
  target: AskedTarget,
): MissingPermission | undefined {
  if (target.kind === 'Database') {
    const scope = { kind: 'Database' } as const
    if (holdsGrantOption(model, reference, permission, scope)) return undefined
    return { requirement: { kind: 'GrantOption', permission, scope }, columns: [] }
  }
  const { relation, existing } = target
  const table = { kind: 'Table', relation } as const
  if (holdsGrantOption(model, reference, permission, table)) return undefined
  const holdsColumn = ({
    key,
    name,
  }: {
    readonly key: FoldedName
    readonly name: string
  }): boolean =>
    holdsGrantOption(model, reference, permission, {
      kind: 'Column',
      relation,
      column: { key, name },
    })
  // The stored spelling would tell that the column is there (R9).
  const asked = target.kind === 'Columns' ? target.saidColumns : []
  const lacking = asked.filter((column) => !holdsColumn(column))
  if (asked.length > 0 && lacking.length === 0) return undefined
  const spoken = spokenName(effectiveList(model, reference), target.said)
  const scope = { kind: 'Table', relation: spoken } as const
  const requirement = { kind: 'GrantOption', permission, scope } as const
  // Columns are named to whoever may pass at least one of them on (Z2).
  if (!(existing?.columns ?? asked).some(holdsColumn)) return { requirement, columns: [] }
  const throughStar = target.kind === 'Columns' && target.throughStar
  const columns = lacking.map(({ name }) => ({ ...namedColumn(existing, name), throughStar }))
  return { requirement, columns: inTableOrder(existing, columns) }
}
