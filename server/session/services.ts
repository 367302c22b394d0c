import type { ServerFacts } from '../../acl/server-relation.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Store } from '../../store/store.ts'
import type { ServerControl } from '../control/server-control.ts'
import type { Backups } from '../backup/backups.ts'
import type { Imports } from '../copy/imports.ts'
import type { Logger } from '../log.ts'
import type { Activity } from './activity.ts'
import type { Committer } from './committer.ts'
import type { Expiry } from './expiry.ts'
import type { PlanCache } from './plan-cache.ts'
import type { PrincipalSlots } from './principal-slots.ts'
import type { TableLocks } from './table-locks.ts'

/** What all sessions of a server share; put together by the composition root (server/server.ts). */
export interface Services {
  readonly committer: Committer
  readonly catalog: Catalog
  readonly store: Store
  /** The alias under which the store knows its database: random at each start (R1, R2). */
  readonly database: string
  readonly plans: PlanCache
  readonly slots: PrincipalSlots
  readonly locks: TableLocks
  readonly imports: Imports
  readonly activity: Activity
  readonly facts: ServerFacts
  readonly control: ServerControl
  readonly backups: Backups
  /** Removes what is past the TTL of its table. */
  readonly expiry: Expiry
  readonly logger: Logger
  /** argon2id; at most one a core at a time, the rest queues (performance.md, "Two cores"). */
  readonly hashPassword: (password: string) => Promise<string>
  /** Statements, and portals, that one session may name. */
  readonly namedObjectsMax: number
  /** Microseconds since 1970. */
  readonly nowMicros: () => bigint
}
