import type { AuditRecord } from '../../acl/effect.ts'
import type { PartitionStep } from '../../acl/enforcement/binding.ts'
import type { ExecutionContext } from './execution.ts'
import type { Transaction } from './transaction.ts'

/** What a statement about partitions runs in. */
export interface PartitionRun {
  readonly context: ExecutionContext
  readonly transaction: Transaction
  readonly step: PartitionStep
  readonly audit: AuditRecord
}
