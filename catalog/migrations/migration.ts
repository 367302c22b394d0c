/** One step of the catalog's schema. Steps are numbered from 1 without gaps and only ever added. */
export interface Migration {
  /** The `user_version` of a catalog after this step. */
  readonly version: number
  readonly sql: string
}
