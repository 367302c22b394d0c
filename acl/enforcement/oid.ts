import type { Oid } from '../names.ts'

/** A number that `allocateOid` gave, as the number of a relation. */
export function toOid(number: number): Oid {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the maker of the brand in this room
  return number as Oid
}
