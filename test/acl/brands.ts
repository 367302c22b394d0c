/** Numbers as the catalog would hand them out. */
import type { Oid, PrincipalId } from '../../acl/names.ts'

export function principalId(number: number): PrincipalId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests' maker of the brand
  return number as PrincipalId
}

export function oid(number: number): Oid {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests' maker of the brand
  return number as Oid
}
