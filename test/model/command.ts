/** What the model test does to both models: as data for the reference, as SQL for the real one. */

import { unreachable } from '../../errors/unreachable.ts'

export type Target =
  | { readonly kind: 'Database' }
  | { readonly kind: 'AllTables' }
  | { readonly kind: 'Table'; readonly table: string }
  | { readonly kind: 'Columns'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'Star'; readonly table: string; readonly exclude: readonly string[] }

export interface GrantCommand {
  readonly kind: 'Grant'
  readonly as: string
  readonly permissions: readonly string[]
  readonly target: Target
  readonly grantee: string
  readonly option: boolean
}

export interface RevokeCommand {
  readonly kind: 'Revoke'
  readonly as: string
  readonly permissions: readonly string[]
  readonly target: Target
  readonly grantee: string
}

export type PrincipalKindWord = 'USER' | 'GROUP' | 'SERVICE ACCOUNT'

export type Command =
  | GrantCommand
  | RevokeCommand
  | { readonly kind: 'CreatePrincipal'; readonly word: PrincipalKindWord; readonly name: string }
  | { readonly kind: 'DropPrincipal'; readonly word: PrincipalKindWord; readonly name: string }
  | { readonly kind: 'Join' | 'Leave'; readonly user: string; readonly group: string }
  | {
      readonly kind: 'CreateTable'
      readonly as: string
      readonly table: string
      readonly columns: readonly string[]
      readonly hasTimestamp: boolean
    }
  | { readonly kind: 'CreateView'; readonly as: string; readonly table: string }
  | {
      readonly kind: 'Drop'
      readonly word: 'TABLE' | 'VIEW'
      readonly table: string
      readonly cascade: boolean
    }
  | { readonly kind: 'RenameTable'; readonly table: string; readonly to: string }
  | {
      readonly kind: 'AddColumn'
      readonly as: string
      readonly table: string
      readonly column: string
    }
  | {
      readonly kind: 'DropColumn'
      readonly table: string
      readonly column: string
      readonly cascade: boolean
    }
  | {
      readonly kind: 'RenameColumn'
      readonly table: string
      readonly column: string
      readonly to: string
    }

/** The statement, with `who: ` before it if it is not the admin's. */
export function sqlOf(command: Command): string {
  const as = 'as' in command && command.as !== 'admin' ? `${command.as}: ` : ''
  return as + statementOf(command)
}

function statementOf(command: Command): string {
  switch (command.kind) {
    case 'Grant': {
      const option = command.option ? ' WITH GRANT OPTION' : ''
      return `GRANT ${command.permissions.join(', ')}${onOf(command.target)} TO ${command.grantee}${option}`
    }
    case 'Revoke':
      return `REVOKE ${command.permissions.join(', ')}${onOf(command.target)} FROM ${command.grantee}`
    case 'CreatePrincipal':
      return `CREATE ${command.word} ${command.name}`
    case 'DropPrincipal':
      return `DROP ${command.word} ${command.name}`
    case 'Join':
      return `ADD USER ${command.user} TO ${command.group}`
    case 'Leave':
      return `REMOVE USER ${command.user} FROM ${command.group}`
    case 'CreateTable': {
      const columns = command.columns.map((name) => `${name} TIMESTAMP`).join(', ')
      const timestamp = command.hasTimestamp ? ` TIMESTAMP(${String(command.columns[0])})` : ''
      return `CREATE TABLE ${command.table} (${columns})${timestamp}`
    }
    case 'CreateView':
      return `CREATE VIEW ${command.table} AS (SELECT 1 AS a)`
    case 'Drop':
      return `DROP ${command.word} ${command.table}${command.cascade ? ' CASCADE PERMISSIONS' : ''}`
    case 'RenameTable':
      return `RENAME TABLE ${command.table} TO ${command.to}`
    case 'AddColumn':
      return `ALTER TABLE ${command.table} ADD COLUMN ${command.column} INT`
    case 'DropColumn': {
      const cascade = command.cascade ? ' CASCADE PERMISSIONS' : ''
      return `ALTER TABLE ${command.table} DROP COLUMN ${command.column}${cascade}`
    }
    case 'RenameColumn':
      return `ALTER TABLE ${command.table} RENAME COLUMN ${command.column} TO ${command.to}`
    default:
      return unreachable(command)
  }
}

function onOf(target: Target): string {
  switch (target.kind) {
    case 'Database':
      return ''
    case 'AllTables':
      return ' ON ALL TABLES'
    case 'Table':
      return ` ON ${target.table}`
    case 'Columns':
      return ` ON ${target.table}(${target.columns.join(', ')})`
    case 'Star': {
      const exclude = target.exclude.length === 0 ? '' : ` EXCLUDE (${target.exclude.join(', ')})`
      return ` ON ${target.table}(*${exclude})`
    }
    default:
      return unreachable(target)
  }
}
