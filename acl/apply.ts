import type { Notice } from '../errors/notice.ts'
import { unreachable } from '../errors/unreachable.ts'
import type { Actor } from './actor.ts'
import { refuseAdminGrantee } from './admin-fixed.ts'
import { applyGrantAssume, applyRevokeAssume } from './assume-links.ts'
import type { Change } from './change.ts'
import { Draft } from './draft.ts'
import type { Effect } from './effect.ts'
import { applyGrant } from './grant.ts'
import type { AccessModel } from './model.ts'
import {
  applyAlterPrincipal,
  applyChangeMembership,
  applyCreatePrincipal,
  applyDropPrincipal,
} from './principals.ts'
import { applyRevoke } from './revoke.ts'
import { applyAlterColumn, applyAlterStorage } from './alter-table-changes.ts'
import {
  applyAddColumns,
  applyCreateTable,
  applyCreateView,
  applyDropColumns,
  applyDropRelation,
  applyRenameColumn,
  applyRenameTable,
} from './schema-changes.ts'

export interface ApplyContext {
  readonly actor: Actor
  /** The change was applied before, in a transaction, and is now put on the newest model (X3). */
  readonly isReplay?: boolean
}

/** What a change comes to. */
export interface Applied {
  readonly effects: readonly Effect[]
  readonly notices: readonly Notice[]
  readonly model: AccessModel
}

/**
 * Applies a change that was authorized: all of it, or an error and nothing (questdb-rbac.md, Y4).
 * @throws SqlError if it cannot be applied to this model; at replay that is a conflict
 */
export function apply(model: AccessModel, change: Change, context: ApplyContext): Applied {
  const draft = new Draft(model)
  refuseAdminGrantee(model, change)
  applyTo(draft, change, context)
  return { effects: draft.effects, notices: draft.notices, model: draft.model }
}

function applyTo(draft: Draft, change: Change, { actor, isReplay = false }: ApplyContext): void {
  switch (change.kind) {
    case 'CreatePrincipal':
      return applyCreatePrincipal(draft, change, actor)
    case 'AlterPrincipal':
      return applyAlterPrincipal(draft, change)
    case 'DropPrincipal':
      return applyDropPrincipal(draft, change, actor)
    case 'ChangeMembership':
      return applyChangeMembership(draft, change)
    case 'Grant':
      return applyGrant(draft, change)
    case 'Revoke':
      return applyRevoke(draft, change)
    case 'GrantAssume':
      return applyGrantAssume(draft, change)
    case 'RevokeAssume':
      return applyRevokeAssume(draft, change)
    case 'CreateTable':
      return applyCreateTable(draft, change, { actor, isReplay })
    case 'DropRelation':
      return applyDropRelation(draft, change)
    case 'RenameTable':
      return applyRenameTable(draft, change)
    case 'AddColumns':
      return applyAddColumns(draft, change, actor)
    case 'DropColumns':
      return applyDropColumns(draft, change)
    case 'RenameColumn':
      return applyRenameColumn(draft, change)
    case 'AlterColumn':
      return applyAlterColumn(draft, change)
    case 'AlterStorage':
      return applyAlterStorage(draft, change)
    case 'CreateView':
      return applyCreateView(draft, change, actor)
    default:
      return unreachable(change)
  }
}
