/**
 * What waits for statements that are being built, by title: cases, and inventory that has no case yet. A
 * case that passes must leave the list.
 */
export const pending: ReadonlyMap<string, string> = new Map([])
