import type { WireFormat } from '../../store/store.ts'
import type { Target } from '../pgwire/messages/target.ts'
import type { StatementDescription } from '../pgwire/session-handler.ts'
import type { PlannedStatement } from './planner.ts'
import type { Execution, ParameterValues } from './execution.ts'
import {
  duplicatePortal,
  duplicateStatement,
  portalCannotRun,
  tooManyNames,
  unknownCursor,
  unknownPortal,
  unknownStatement,
} from './session-errors.ts'

/** A statement of Parse. Without `planned` its text was empty. */
export interface PreparedStatement {
  readonly text: string
  readonly planned?: PlannedStatement
  readonly description: StatementDescription
}

/** A statement bound to values. */
export class Portal {
  readonly statement: PreparedStatement
  readonly values: ParameterValues
  readonly formats: readonly WireFormat[]
  /** Since the first Execute. */
  execution: Execution | undefined
  isFinished = false
  /** Under which number it is known while it runs; since the first Execute. */
  queryId: number | undefined
  /** Among the session's portals, in the order in which they were made. */
  number = 0

  constructor(options: {
    readonly statement: PreparedStatement
    readonly values: ParameterValues
    readonly formats: readonly WireFormat[]
  }) {
    this.statement = options.statement
    this.values = options.values
    this.formats = options.formats
  }

  /** A statement that gives no rows runs once (PostgreSQL 15, pquery.c). @throws SqlError 55000 */
  requireRunnable(name: string): void {
    if (this.isFinished && this.execution?.columns === undefined) throw portalCannotRun(name)
  }

  async close(): Promise<void> {
    await this.execution?.source?.close()
  }
}

/** What the client named with Parse and Bind; the empty name is the unnamed one (protocol, "Extended Query"). */
export class NamedObjects {
  readonly #namesMax: number
  readonly #statements = new Map<string, PreparedStatement>()
  readonly #portals = new Map<string, Portal>()
  #lastPortal = 0

  /** @param namesMax statements, and portals, at a time: PostgreSQL has no bound, memory has */
  constructor(namesMax: number) {
    this.#namesMax = namesMax
  }

  /** @throws SqlError 42P05 for a name in use, 53400 for one too many */
  requireFreeStatementName(name: string): void {
    if (name === '') {
      this.#statements.delete('')
      return
    }
    if (this.#statements.has(name)) throw duplicateStatement(name)
    if (this.#statements.size >= this.#namesMax)
      throw tooManyNames('prepared statements', this.#namesMax)
  }

  putStatement(name: string, statement: PreparedStatement): void {
    this.#statements.set(name, statement)
  }

  /** @throws SqlError 26000 */
  statement(name: string): PreparedStatement {
    const found = this.#statements.get(name)
    if (found === undefined) throw unknownStatement(name)
    return found
  }

  /** @throws SqlError 42P03 for a name in use, 53400 for one too many */
  async putPortal(name: string, portal: Portal): Promise<void> {
    if (name === '') await this.closePortal('')
    else if (this.#portals.has(name)) throw duplicatePortal(name)
    else if (this.#portals.size >= this.#namesMax) throw tooManyNames('portals', this.#namesMax)
    this.#portals.set(name, portal)
    portal.number = ++this.#lastPortal
  }

  /** The number of the portal that was made last: later ones have higher numbers. */
  get lastPortal(): number {
    return this.#lastPortal
  }

  /** @throws SqlError 34000 */
  portal(name: string): Portal {
    const found = this.#portals.get(name)
    if (found === undefined) throw unknownPortal(name)
    return found
  }

  /** The text of a statement, or of the statement of a portal, if there is one of that name. */
  textOf(target: Target): string | undefined {
    return target.kind === 'Statement'
      ? this.#statements.get(target.name)?.text
      : this.#portals.get(target.name)?.statement.text
  }

  /** Closing what does not exist succeeds (protocol, "Close"). */
  closeStatement(name: string): void {
    this.#statements.delete(name)
  }

  /** DEALLOCATE name. @throws SqlError 26000 */
  deallocate(name: string): void {
    if (!this.#statements.delete(name)) throw unknownStatement(name)
  }

  deallocateAll(): void {
    this.#statements.clear()
  }

  /** CLOSE name. @throws SqlError 34000 */
  async closeCursor(name: string): Promise<void> {
    if (!this.#portals.has(name)) throw unknownCursor(name)
    await this.closePortal(name)
  }

  async closePortal(name: string): Promise<void> {
    const portal = this.#portals.get(name)
    this.#portals.delete(name)
    await portal?.close()
  }

  /** The end of a transaction is the end of its portals. */
  async closePortals(): Promise<void> {
    const portals = [...this.#portals.values()]
    this.#portals.clear()
    for (const portal of portals) await portal.close()
  }

  /** ROLLBACK TO SAVEPOINT is the end of the portals that were made since. */
  async closePortalsAfter(number: number): Promise<void> {
    for (const [name, portal] of this.#portals) {
      if (portal.number > number) await this.closePortal(name)
    }
  }

  /** A simple Query ends the unnamed statement and the unnamed portal (protocol, "Simple Query"). */
  async closeUnnamed(): Promise<void> {
    this.#statements.delete('')
    await this.closePortal('')
  }
}
