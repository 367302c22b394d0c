import type { Database, Statement } from 'better-sqlite3'
import type { PrincipalId } from '../acl/names.ts'
import { invariant } from '../errors/invariant.ts'

interface Membership {
  readonly user: PrincipalId
  readonly group: PrincipalId
}

/** Which user is in which group (migration 2). */
export class MembershipRows {
  readonly #select: Statement<[], Membership>
  readonly #put: Statement<[PrincipalId, PrincipalId]>
  readonly #delete: Statement<[PrincipalId, PrincipalId]>

  constructor(database: Database) {
    this.#select = database.prepare('SELECT user, "group" FROM memberships ORDER BY user, "group"')
    this.#put = database.prepare(
      'INSERT INTO memberships (user, "group") VALUES (?, ?) ON CONFLICT DO NOTHING',
    )
    this.#delete = database.prepare('DELETE FROM memberships WHERE user = ? AND "group" = ?')
  }

  load(): Iterable<Membership> {
    return this.#select.iterate()
  }

  put({ user, group }: Membership): void {
    this.#put.run(user, group)
  }

  delete({ user, group }: Membership): void {
    const { changes } = this.#delete.run(user, group)
    invariant(changes === 1, 'a membership that is deleted was there')
  }
}
