/** Principals as the statements that make them (questdb-rbac.md, W15): without secrets, without the admin. */
import { compareNames } from './compare-names.ts'
import type { Principal, PrincipalKind } from './effect.ts'
import type { AccessModel } from './model.ts'
import { inQuotes } from './sql-text.ts'

const wordsOf = {
  User: 'USER',
  Group: 'GROUP',
  ServiceAccount: 'SERVICE ACCOUNT',
} as const satisfies Record<PrincipalKind, string>

/** The principals of a kind, by name. */
export function principalsOf(model: AccessModel, kind: PrincipalKind): readonly Principal[] {
  return [...model.principals.values()]
    .filter((principal) => principal.kind === kind)
    .toSorted((a, b) => compareNames(a.name, b.name))
}

/** CREATE; of a group's aliases the first stands with it, the others follow. */
export function dumpPrincipals(model: AccessModel, kind: PrincipalKind): readonly string[] {
  return principalsOf(model, kind).flatMap(({ name, externalAliases }) => {
    const [first, ...others] = externalAliases
    const principal = `${wordsOf[kind]} ${inQuotes(name)}`
    return [
      `CREATE ${principal}${first === undefined ? '' : aliasText(first)}`,
      ...others.map((alias) => `ALTER ${principal}${aliasText(alias)}`),
    ]
  })
}

function aliasText(alias: string): string {
  return ` WITH EXTERNAL ALIAS ${inQuotes(alias)}`
}

/** What locks the disabled ones out: last, so that nobody comes in before all of it is there. */
export function dumpDisabled(
  model: AccessModel,
  kind: Exclude<PrincipalKind, 'Group'>,
): readonly string[] {
  return principalsOf(model, kind)
    .filter(({ enabled }) => !enabled)
    .map(({ name }) => `ALTER ${wordsOf[kind]} ${inQuotes(name)} DISABLE`)
}
