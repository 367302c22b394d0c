/** ASSUME and EXIT SERVICE ACCOUNT (questdb-rbac.md, section 8). */
import type { Actor } from '../../acl/actor.ts'
import {
  accountIsAssumed,
  accountNotAssumed,
  checkAssume,
  noAccountAssumed,
} from '../../acl/assume.ts'
import { foldName } from '../../acl/names.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { AssumeServiceAccount, ExitServiceAccount } from '../../parser/statement.ts'
import { commandTags } from './command-tag.ts'
import type { ExecutionContext } from './execution.ts'
import { notInTransactionBlock } from './session-errors.ts'
import type { SessionTransaction } from './session-transaction.ts'

/**
 * Who acts in the session from now on.
 * @throws SqlError 25001 inside a transaction (U11), 55000 (U5, U6), 42501 and 42704 (U3)
 */
export function runAssumption(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: AssumeServiceAccount | ExitServiceAccount,
): Actor {
  if (transaction.isBlock || transaction.open !== undefined) {
    throw notInTransactionBlock(commandTags[statement.kind])
  }
  switch (statement.kind) {
    case 'AssumeServiceAccount':
      return assume(context, statement)
    case 'ExitServiceAccount':
      return exit(context.actor, statement)
    default:
      return unreachable(statement)
  }
}

function assume(context: ExecutionContext, { account }: AssumeServiceAccount): Actor {
  const { login, effective, assuming } = context.actor
  if (assuming) throw accountIsAssumed(effective.name)
  return { login, effective: checkAssume(context.model(), login, account.text), assuming: true }
}

function exit({ login, effective, assuming }: Actor, { account }: ExitServiceAccount): Actor {
  if (!assuming) throw noAccountAssumed()
  if (account !== undefined && foldName(account.text) !== foldName(effective.name)) {
    throw accountNotAssumed(account.text)
  }
  return { login, effective: login, assuming: false }
}
