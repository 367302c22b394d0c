import { entryAt, narrowerEntries, widerEntries } from './access-entries.ts'
import type { Draft } from './draft.ts'
import type { Entry } from './effect.ts'
import { entriesOf } from './model.ts'

/**
 * Makes an entry, or gives the one at its place its option (questdb-rbac.md, G8, G9), and removes what
 * that makes redundant (G14): itself if a wider entry is as strong, and narrower ones that are no
 * stronger. A stronger entry below a weaker one stays (G15).
 */
export function putEntry(draft: Draft, entry: Entry): void {
  const entries = entriesOf(draft.model, entry.grantee)
  const existing = entryAt(entries, entry.permission, entry.scope)
  const wider = widerEntries(entries, entry.permission, entry.scope)
  if (wider.some((above) => isAsStrong(above, entry))) {
    if (existing !== undefined) removeEntry(draft, existing)
    return
  }
  if (existing?.grantOption !== entry.grantOption) draft.emit({ kind: 'PutEntry', entry })
  for (const below of narrowerEntries(entries, entry.permission, entry.scope)) {
    if (isAsStrong(entry, below)) removeEntry(draft, below)
  }
}

/** Makes an entry unless a stronger one is there: what is pushed down unites with what is there (G20). */
export function uniteEntry(draft: Draft, entry: Entry): void {
  const existing = entryAt(entriesOf(draft.model, entry.grantee), entry.permission, entry.scope)
  const grantOption = entry.grantOption || existing?.grantOption === true
  putEntry(draft, { ...entry, grantOption })
}

/** Removes an entry that is there. */
export function removeEntry(draft: Draft, entry: Entry): void {
  draft.emit({
    kind: 'DeleteEntry',
    grantee: entry.grantee,
    permission: entry.permission,
    scope: entry.scope,
  })
}

function isAsStrong(above: Entry, below: Entry): boolean {
  return above.grantOption || !below.grantOption
}
