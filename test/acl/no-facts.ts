import type { ServerFacts } from '../../acl/server-relation.ts'

/** A server on which nothing runs and nothing was ever changed. */
export const noFacts: ServerFacts = {
  checkpointMicros: () => undefined,
  runningStatements: () => [],
  auditRecords: () => [],
  imports: () => [],
}
