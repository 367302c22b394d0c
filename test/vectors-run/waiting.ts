/** Cases that need what is not built yet, by name, with what they wait for. */
export const waiting: ReadonlyMap<string, string> = new Map([
  ['SHOW CREATE DATABASE: principals', 'SHOW CREATE DATABASE (W13 to W18)'],
  ['SHOW CREATE DATABASE: permissions', 'SHOW CREATE DATABASE (W13 to W18)'],
])
