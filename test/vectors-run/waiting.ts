/** Cases that need what is not built yet, by name, with what they wait for. */
export const waiting: ReadonlyMap<string, string> = new Map([])
