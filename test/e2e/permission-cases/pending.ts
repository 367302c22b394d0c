/**
 * What waits for statements that are being built, by title: cases, and inventory that has no case yet. A
 * case that passes must leave the list.
 */
const copy = 'COPY'

export const pending: ReadonlyMap<string, string> = new Map([
  ["CANCEL ANY COPY: COPY id CANCEL (another principal's import)", copy],
  ['CREATE TABLE: COPY FROM into a new table', copy],
  ['INSERT: COPY FROM into an existing table', copy],
  ['SELECT: COPY TO', copy],
])
