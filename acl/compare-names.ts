import { foldName } from './names.ts'

/** Order of names in listings: without case, then by code point (questdb-rbac.md, W1). */
export function compareNames(a: string, b: string): number {
  return compareCodePoints(foldName(a), foldName(b)) || compareCodePoints(a, b)
}

/** By code point, where JavaScript's `<` goes by UTF-16 unit and puts U+10000 before U+E000. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return surrogatesLast(left) - surrogatesLast(right)
  }
  return a.length - b.length
}

function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
