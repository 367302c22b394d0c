/**
 * What the server remembers of principals, access and the schema, in one SQLite file. The access model in
 * memory is rebuilt from it at start; from then on each change is written here before it is published
 * (rules R4, X1).
 */
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Commit, Effect } from '../acl/effect.ts'
import type { Epoch, Oid, PrincipalId } from '../acl/names.ts'
import type { AuditPage } from '../acl/server-relation.ts'
import { invariant } from '../errors/invariant.ts'
import type { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { unreachable } from '../errors/unreachable.ts'
import type { LoggedAuditRecord } from './access-log.ts'
import { AccessLog } from './access-log.ts'
import { CatalogCopy } from './catalog-copy.ts'
import { catalogDamaged, convertDriverErrors, sqlErrorOf } from './catalog-error.ts'
import { Counters, NumberSource, epoch, oid, principalId } from './counters.ts'
import type { DirectoryLock } from './data-directory.ts'
import { lockDataDirectory, makeDataDirectory } from './data-directory.ts'
import { EntryRows } from './entry-rows.ts'
import { LinkRows } from './link-rows.ts'
import { MembershipRows } from './membership-rows.ts'
import { openDatabase } from './open-database.ts'
import type { OpenTransaction } from './prepared-transactions.ts'
import { PreparedTransactions } from './prepared-transactions.ts'
import { PrincipalRows } from './principal-rows.ts'
import type { StoredRelation } from './relation-rows.ts'
import { RelationRows } from './relation-rows.ts'

export interface CatalogOptions {
  /** The file; its directory is the data directory, made and locked here. */
  readonly path: string
}

/**
 * Opens the catalog, making a new one if there is none.
 * @throws SqlError when another server uses the directory, when the file is damaged, or is newer than
 *   this program; the file is then as it was before
 */
export function openCatalog({ path }: CatalogOptions): Catalog {
  const directory = dirname(path)
  makeDataDirectory(directory)
  const lock = lockDataDirectory(directory)
  try {
    const database = openDatabase(path)
    try {
      return new Catalog({ path, database, lock })
    } catch (error) {
      database.close()
      throw contentError(path, error)
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Statements that do not fit the tables and documents that do not read back: the file is not ours any more. */
function contentError(path: string, error: unknown): SqlError {
  const known = sqlErrorOf(error)
  if (known !== undefined && known.sqlState !== SqlState.DataCorrupted) return known
  return catalogDamaged(path, 'its content is not that of a catalog', error)
}

interface CatalogParts {
  readonly path: string
  readonly database: Database
  readonly lock: DirectoryLock
}

export class Catalog {
  readonly #path: string
  readonly #database: Database
  readonly #lock: DirectoryLock
  readonly #principals: PrincipalRows
  readonly #memberships: MembershipRows
  readonly #links: LinkRows
  readonly #entries: EntryRows
  readonly #relations: RelationRows
  readonly #accessLog: AccessLog
  readonly #counters: Counters
  readonly #prepared: PreparedTransactions
  readonly #principalIds: NumberSource
  readonly #oids: NumberSource
  readonly #transactionNumbers: NumberSource
  #epoch: Epoch
  #open: readonly OpenTransaction[]

  /** Use {@link openCatalog}. */
  constructor({ path, database, lock }: CatalogParts) {
    this.#path = path
    this.#database = database
    this.#lock = lock
    this.#principals = new PrincipalRows(database)
    this.#memberships = new MembershipRows(database)
    this.#links = new LinkRows(database)
    this.#entries = new EntryRows(database)
    this.#relations = new RelationRows(database)
    this.#accessLog = new AccessLog(database)
    this.#counters = new Counters(database)
    this.#prepared = new PreparedTransactions(database)
    this.#principalIds = new NumberSource(this.#counters, 'principal id')
    this.#oids = new NumberSource(this.#counters, 'oid')
    this.#transactionNumbers = new NumberSource(this.#counters, 'transaction number')
    this.#epoch = epoch(this.#counters.read('epoch'))
    this.#open = this.#prepared.read()
  }

  /** Of the newest model that the catalog holds; 0 when nothing was ever committed. */
  get epoch(): Epoch {
    return this.#epoch
  }

  /**
   * Whether nothing was ever committed or is about to be. A store that has tables beside such a catalog has
   * lost its own; a look at the file would not tell so any more at the second start.
   */
  get isNew(): boolean {
    return this.#epoch === 0 && this.#open.length === 0
  }

  /**
   * Effects that, folded into an empty model in this order, give the model of {@link epoch}. Password
   * hashes are not among them: that a principal has a password is. Read to the end before writing,
   * and after the open transactions were completed or forgotten.
   */
  *load(): IterableIterator<Effect> {
    try {
      for (const principal of this.#principals.load()) yield { kind: 'PutPrincipal', principal }
      for (const { user, group } of this.#memberships.load()) {
        yield { kind: 'PutMembership', user, group }
      }
      for (const link of this.#links.load()) yield { kind: 'PutLink', ...link }
      for (const relation of this.#relations.load()) yield { kind: 'PutRelation', relation }
      for (const entry of this.#entries.load()) yield { kind: 'PutEntry', entry }
    } catch (error) {
      throw contentError(this.#path, error)
    }
  }

  /**
   * Writes one acknowledged transaction: all of it, durable on return, or nothing.
   * @throws SqlError 53100 and 58030 when the disk is full or fails
   */
  commit(commit: Commit): void {
    invariant(this.#open.length === 0, 'no prepared transaction is open during another commit')
    this.#write(() => this.#apply(commit))
    this.#epoch = commit.epoch
  }

  /**
   * Stores what is about to happen, durable on return, and makes sure that {@link complete} can apply it.
   * Until it is completed or forgotten nothing else is committed: its epoch is the next one.
   */
  prepare(transactionNumber: number, commit: Commit): void {
    invariant(this.#open.length === 0, 'one transaction is prepared at a time')
    const transaction = { transactionNumber, commit }
    this.#rehearse(commit)
    this.#write(() => this.#prepared.insert(transaction))
    this.#open = [transaction]
  }

  /** The engine has committed: applies what was prepared. If it throws the transaction is still open. */
  complete(transactionNumber: number): void {
    const { commit } = this.#openTransaction(transactionNumber)
    this.#write(() => {
      this.#apply(commit)
      this.#prepared.delete(transactionNumber)
    })
    this.#epoch = commit.epoch
    this.#close(transactionNumber)
  }

  /** The engine has not committed: drops what was prepared. */
  forget(transactionNumber: number): void {
    this.#openTransaction(transactionNumber)
    this.#write(() => this.#prepared.delete(transactionNumber))
    this.#close(transactionNumber)
  }

  /** Prepared and neither completed nor forgotten: left over from a crash, or under way now. */
  openTransactions(): readonly OpenTransaction[] {
    return this.#open
  }

  /** Numbers that were never given out before, whatever became of what they were for. */
  nextTransactionNumber(): number {
    return convertDriverErrors(() => this.#transactionNumbers.next())
  }

  allocatePrincipalId(): PrincipalId {
    return principalId(convertDriverErrors(() => this.#principalIds.next()))
  }

  allocateOid(): Oid {
    return oid(convertDriverErrors(() => this.#oids.next()))
  }

  /** argon2id, in PHC string form; undefined without a password or without such a principal. */
  passwordHash(id: PrincipalId): string | undefined {
    return convertDriverErrors(() => this.#principals.passwordHash(id))
  }

  /** Relations as they are stored, page by page: at most `count` of those whose oid is above `oid`. */
  relationsFrom(oid: number, count: number): readonly StoredRelation[] {
    return convertDriverErrors(() => this.#relations.from(oid, count))
  }

  /** The record of changes of access, from the oldest on. */
  accessLog(): Iterable<LoggedAuditRecord> {
    return this.#accessLog.read()
  }

  /** The newest records of the change of access, from the oldest of them on. @throws SqlError 54000 */
  newestAuditRecords(page: AuditPage): readonly LoggedAuditRecord[] {
    return convertDriverErrors(() => this.#accessLog.newest(page))
  }

  /** The catalog as it is now, to be written elsewhere while this one goes on. */
  copy(): CatalogCopy {
    invariant(this.#open.length === 0, 'no prepared transaction is open when a copy is begun')
    return new CatalogCopy(this.#path)
  }

  /** Merges the write-ahead log into the file and lets go of the data directory. */
  close(): void {
    this.#database.close()
    this.#lock.release()
  }

  /** IMMEDIATE: the write lock first, so that nothing fails half-way for the want of it. */
  #write(work: () => void): void {
    convertDriverErrors(() => this.#database.transaction(work).immediate())
  }

  /** Applies and takes back: an effect that does not fit is found before the engine commits, not after. */
  #rehearse(commit: Commit): void {
    convertDriverErrors(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        this.#apply(commit)
      } finally {
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      }
    })
  }

  #openTransaction(transactionNumber: number): OpenTransaction {
    const found = this.#open.find((open) => open.transactionNumber === transactionNumber)
    invariant(found, 'a transaction that ends was prepared')
    return found
  }

  #close(transactionNumber: number): void {
    this.#open = this.#open.filter((open) => open.transactionNumber !== transactionNumber)
  }

  #apply({ epoch: next, effects, audit }: Commit): void {
    invariant(next === this.#epoch + 1, 'each commit has the next epoch')
    this.#counters.advance('epoch', this.#epoch, next)
    for (const effect of effects) this.#applyEffect(effect)
    for (const record of audit) this.#accessLog.append(next, record)
  }

  #applyEffect(effect: Effect): void {
    switch (effect.kind) {
      case 'PutPrincipal':
        return this.#principals.put(effect.principal)
      case 'DeletePrincipal':
        return this.#principals.delete(effect.id)
      case 'SetPasswordHash':
        return this.#principals.setPasswordHash(effect.id, effect.hash)
      case 'PutMembership':
        return this.#memberships.put(effect)
      case 'DeleteMembership':
        return this.#memberships.delete(effect)
      case 'PutEntry':
        return this.#entries.put(effect.entry)
      case 'DeleteEntry':
        return this.#entries.delete(effect)
      case 'PutLink':
        return this.#links.put(effect)
      case 'DeleteLink':
        return this.#links.delete(effect)
      case 'PutRelation':
        return this.#relations.put(effect.relation)
      case 'DeleteRelation':
        return this.#relations.delete(effect)
      default:
        return unreachable(effect)
    }
  }
}
