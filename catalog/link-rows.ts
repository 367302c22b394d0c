import type { Database, Statement } from 'better-sqlite3'
import type { FoldedName, PrincipalId } from '../acl/names.ts'
import { invariant } from '../errors/invariant.ts'

/** Who may assume which service account (rule G2). */
interface Link {
  readonly grantee: FoldedName
  readonly granteeName: string
  readonly account: PrincipalId
  readonly grantOption: boolean
}

interface LinkRow {
  readonly grantee: FoldedName
  readonly grantee_name: string
  readonly account: PrincipalId
  readonly grant_option: number
}

/** Links to service accounts (migration 2). */
export class LinkRows {
  readonly #select: Statement<[], LinkRow>
  readonly #put: Statement<[FoldedName, string, PrincipalId, number]>
  readonly #delete: Statement<[FoldedName, PrincipalId]>

  constructor(database: Database) {
    this.#select = database.prepare(
      'SELECT grantee, grantee_name, account, grant_option FROM links ORDER BY grantee, account',
    )
    this.#put = database.prepare(
      `INSERT INTO links (grantee, grantee_name, account, grant_option) VALUES (?, ?, ?, ?)
       ON CONFLICT (grantee, account) DO UPDATE SET
         grantee_name = excluded.grantee_name, grant_option = excluded.grant_option`,
    )
    this.#delete = database.prepare('DELETE FROM links WHERE grantee = ? AND account = ?')
  }

  *load(): IterableIterator<Link> {
    for (const row of this.#select.iterate()) {
      yield {
        grantee: row.grantee,
        granteeName: row.grantee_name,
        account: row.account,
        grantOption: row.grant_option === 1,
      }
    }
  }

  put({ grantee, granteeName, account, grantOption }: Link): void {
    this.#put.run(grantee, granteeName, account, grantOption ? 1 : 0)
  }

  delete({ grantee, account }: Pick<Link, 'grantee' | 'account'>): void {
    const { changes } = this.#delete.run(grantee, account)
    invariant(changes === 1, 'a link that is deleted was there')
  }
}
