/** Cases that need what is not built yet, by name, with what they wait for. */
export const waiting: ReadonlyMap<string, string> = new Map([
  ['views: pinned variable cannot be overridden', 'DECLARE in queries and views (V7)'],
])
