/**
 * One session, from its login to its end: the statements and portals that the client named, the
 * transaction it is in, whose list decides for it, and what each message does.
 */
import type { Actor } from '../../acl/actor.ts'
import { invariant } from '../../errors/invariant.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { StoreSession } from '../../store/store.ts'
import { typeOfOid } from '../../store/type-oid.ts'
import type { Bind } from '../pgwire/messages/bind.ts'
import type { Parse } from '../pgwire/messages/parse.ts'
import type { Target } from '../pgwire/messages/target.ts'
import type {
  PortalDescription,
  ResultSink,
  SessionHandler,
  StatementDescription,
  TransactionStatus,
} from '../pgwire/session-handler.ts'
import { decodeParameter } from '../pgwire/values/decode-value.ts'
import type { ActiveStatement } from './activity.ts'
import { queryCanceled } from './activity.ts'
import type { SessionControl } from './dispatch.ts'
import { describeStatement, runsInEngine, startStatement, statementOf } from './dispatch.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { NamedObjects, Portal } from './named-objects.ts'
import { reachesClient } from './notice-level.ts'
import type { PlannedStatement } from './planner.ts'
import { Planner } from './planner.ts'
import type { PrincipalSlot } from './principal-slots.ts'
import type { Services } from './services.ts'
import { severalCommands, unsupportedParameterType, wrongParameterCount } from './session-errors.ts'
import { inFailedTransaction, SessionTransaction } from './session-transaction.ts'
import { requireInForce } from './in-force.ts'
import type { SettingValues } from './settings.ts'
import { parseDurationMs, reportedSettings, settingValue } from './settings.ts'
import { StatementTimer } from './statement-timer.ts'
import type { LockRequest, TableLockHolder } from './table-locks.ts'

export interface SessionOptions {
  readonly services: Services
  readonly actor: Actor
  readonly settings: SettingValues
  readonly processId: number
}

/** A statement that runs, and where its answers go. */
interface Running {
  readonly sink: ResultSink
  readonly active: ActiveStatement
}

export class Session implements SessionHandler {
  readonly #services: Services
  readonly #processId: number
  readonly #store: StoreSession
  readonly #transaction: SessionTransaction
  readonly #planner: Planner
  readonly #objects: NamedObjects
  readonly #timer: StatementTimer
  readonly #locks: TableLockHolder
  readonly #control: SessionControl
  #actor: Actor
  /** What runs now, if anything does. */
  #statement: ActiveStatement | undefined
  /** Its place in the engine, if it has one. */
  #slot: PrincipalSlot | undefined
  /** The settings that the client was told of last, by ParameterStatus. */
  #told: SettingValues
  #engineTimeZone = 'UTC'
  /** Of the message that is worked on. */
  #cancellation: AbortController | undefined
  /** SessionTransaction.ended when portals were last looked at: they end with their transaction. */
  #portalsOf = 0

  constructor(options: SessionOptions) {
    this.#services = options.services
    this.#actor = options.actor
    this.#processId = options.processId
    this.#store = options.services.store.connect()
    this.#locks = options.services.locks.holder()
    this.#transaction = new SessionTransaction({
      locks: this.#locks,
      committer: options.services.committer,
      store: this.#store,
      settings: options.settings,
      nowMicros: options.services.nowMicros,
    })
    this.#objects = new NamedObjects(options.services.namedObjectsMax)
    this.#planner = new Planner(options.services, this.#store)
    this.#timer = new StatementTimer(() => this.cancel())
    this.#told = options.settings
    this.#control = {
      transaction: this.#transaction,
      planner: this.#planner,
      objects: this.#objects,
      initialSettings: options.settings,
      requireInForce: (model, statement) => {
        requireInForce(model, this.#actor, statement)
      },
      become: (actor) => {
        this.#actor = actor
      },
    }
  }

  get transactionStatus(): TransactionStatus {
    return this.#transaction.status
  }

  async query(text: string, sink: ResultSink): Promise<void> {
    await this.#guarded(async () => {
      await this.#objects.closeUnnamed()
      const source = this.#planner.parsed(text, this.#transaction.settings)
      const last = source.statements.length - 1
      if (last < 0) sink.emptyQuery()
      for (const index of source.statements.keys()) {
        const planned = { source, index, declared: [] }
        const place = { isAlone: last === 0, isLast: index === last }
        await this.#active(planned, undefined, (active) =>
          this.#runSimple(planned, place, { sink, active }),
        )
      }
    })
  }

  /** The last statement's tag is sent when the implicit transaction is durable (rule R4). */
  async #runSimple(
    planned: PlannedStatement,
    place: { readonly isAlone: boolean; readonly isLast: boolean },
    { sink, active }: Running,
  ): Promise<void> {
    const context = await this.#context([], sink)
    const execution = await startStatement(planned, context, this.#control, {
      values: [],
      isAlone: place.isAlone,
    })
    if (execution.columns !== undefined) sink.rowDescription(execution.columns)
    if (execution.source !== undefined) active.throwIfCancelled()
    const outcome = await execution.source?.fetch(0, sink)
    if (place.isLast) {
      // What has no transaction of its own to end is done by now, and was.
      if (this.#transaction.isImplicit) active.throwIfCancelled()
      await this.#transaction.endImplicit(active.waitFor)
    }
    sink.commandComplete(execution.tag(outcome?.rowCount ?? 0))
    this.#tellSettings(sink)
    await this.#closeEndedPortals()
  }

  async parse(message: Parse, sink: ResultSink): Promise<void> {
    await this.#guarded(async () => {
      this.#objects.requireFreeStatementName(message.name)
      const source = this.#planner.parsed(message.text, this.#transaction.settings)
      if (source.statements.length > 1) throw severalCommands()
      const declared = message.parameterTypes.map(declaredType)
      if (source.statements.length === 0) {
        this.#objects.putStatement(message.name, {
          text: message.text,
          description: emptyDescription,
        })
        return
      }
      const planned: PlannedStatement = { source, index: 0, declared }
      const context = await this.#context([], sink)
      const description = await describeStatement(planned, context, this.#control)
      this.#objects.putStatement(message.name, { text: message.text, planned, description })
    })
  }

  async bind(message: Bind, sink: ResultSink): Promise<void> {
    await this.#guarded(async () => {
      const statement = this.#objects.statement(message.statement)
      const { parameters, columns } = statement.description
      if (message.parameters.length !== parameters.length) {
        throw wrongParameterCount(message, parameters.length)
      }
      const { settings } = await this.#context([], sink)
      const timeZone = settingValue(settings, 'TimeZone')
      const values = message.parameters.map((bytes, index) => {
        const type = parameters[index]
        invariant(type, 'as many types as parameters')
        const format = message.parameterFormats[message.parameterFormats.length === 1 ? 0 : index]
        return bytes === null
          ? null
          : decodeParameter(bytes, type, format ?? 'text', { timeZone, number: index + 1 })
      })
      const formats = columns === undefined ? [] : message.resultFormats
      await this.#objects.putPortal(message.portal, new Portal({ statement, values, formats }))
    })
  }

  async describeStatement(name: string): Promise<StatementDescription> {
    return this.#guarded(async () => this.#objects.statement(name).description)
  }

  async describePortal(name: string): Promise<PortalDescription> {
    return this.#guarded(async () => {
      const { statement, formats } = this.#objects.portal(name)
      return { columns: statement.description.columns, formats }
    })
  }

  /** The text that the position of an error counts in. */
  textOf(target: Target): string | undefined {
    return this.#objects.textOf(target)
  }

  async execute(name: string, rowsMax: number, sink: ResultSink): Promise<void> {
    await this.#guarded(async () => {
      const portal = this.#objects.portal(name)
      const { planned } = portal.statement
      if (planned === undefined) {
        sink.emptyQuery()
        return
      }
      await this.#active(planned, portal, (active) =>
        this.#executePortal(portal, planned, { name, rowsMax }, { sink, active }),
      )
    })
  }

  async #executePortal(
    portal: Portal,
    planned: PlannedStatement,
    { name, rowsMax }: { readonly name: string; readonly rowsMax: number },
    running: Running,
  ): Promise<void> {
    const context = await this.#context(portal.formats, running.sink)
    if (portal.execution === undefined) {
      portal.execution = await startStatement(planned, context, this.#control, {
        values: portal.values,
        isAlone: false,
        described: portal.statement.description,
      })
    } else {
      if (this.#transaction.isFailed) throw inFailedTransaction()
      portal.requireRunnable(name)
      this.#control.requireInForce(context.model(), undefined)
      portal.execution.recheck?.(context)
    }
    await this.#fetch(portal, portal.execution, rowsMax, running)
  }

  async #fetch(
    portal: Portal,
    execution: Execution,
    rowsMax: number,
    { sink, active }: Running,
  ): Promise<void> {
    // A limit is for rows that come back: a write that returns none runs to its end.
    const limit = execution.columns === undefined ? 0 : rowsMax
    if (execution.source !== undefined) active.throwIfCancelled()
    const outcome = portal.isFinished ? undefined : await execution.source?.fetch(limit, sink)
    if (outcome?.kind === 'Suspended') {
      sink.portalSuspended()
      return
    }
    portal.isFinished = true
    sink.commandComplete(execution.tag(outcome?.rowCount ?? 0))
    this.#tellSettings(sink)
    await this.#closeEndedPortals()
  }

  closeStatement(name: string): void {
    this.#objects.closeStatement(name)
  }

  async closePortal(name: string): Promise<void> {
    await this.#objects.closePortal(name)
  }

  async sync(sink: ResultSink): Promise<void> {
    await this.#guarded(async () => {
      await this.#transaction.endImplicit()
      if (!this.#transaction.isBlock) await this.#objects.closePortals()
      this.#tellSettings(sink)
    })
  }

  fail(): void {
    // Calls to the store run in order: what follows waits for this rollback there.
    void this.#fail()
  }

  cancel(): void {
    // Without a statement it may be the types of one to come that the engine is asked for.
    if (this.#statement === undefined) this.#interrupt()
    else this.#statement.cancel()
  }

  /** Stops what runs, in the engine and beside it. */
  #interrupt(): void {
    this.#cancellation?.abort(queryCanceled())
    this.#store.cancel()
  }

  async end(): Promise<void> {
    this.#timer.stop()
    try {
      await this.#objects.closePortals()
      await this.#transaction.rollback()
      await this.#store.close()
    } catch (error) {
      this.#log(error, 'ending a session failed')
    } finally {
      this.#locks.release()
    }
  }

  /** Runs one message's work; an error leaves the transaction failed before it is passed on. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    const { settings } = this.#transaction
    this.#timer.start(
      parseDurationMs('statement_timeout', settingValue(settings, 'statement_timeout')),
    )
    try {
      return await work()
    } catch (error) {
      await this.#fail()
      throw this.#timer.explain(error)
    } finally {
      this.#cancellation = undefined
      this.#timer.stop()
      if (!this.#transaction.keepsLocks) this.#locks.release()
    }
  }

  /**
   * Runs a statement, known to `query_activity()` meanwhile. One principal must not take every place in the
   * engine. Whoever fetches further rows of a portal goes on with the same statement.
   */
  async #active(
    planned: PlannedStatement,
    portal: Portal | undefined,
    work: (active: ActiveStatement) => Promise<void>,
  ): Promise<void> {
    const { activity, slots } = this.#services
    const active = activity.start(
      {
        parsed: statementOf(planned),
        actor: this.#actor,
        processId: this.#processId,
        endpoint: 'pgwire',
        interrupt: () => this.#interrupt(),
      },
      portal?.queryId,
    )
    if (portal !== undefined) portal.queryId = active.id
    this.#statement = active
    try {
      if (!runsInEngine(planned)) await work(active)
      else {
        const inSlot = (slot: PrincipalSlot): Promise<void> => {
          this.#slot = slot
          return work(active)
        }
        await slots.run(this.#actor.login.name, inSlot, active)
      }
    } finally {
      this.#statement = undefined
      this.#slot = undefined
      active.end()
    }
  }

  async #fail(): Promise<void> {
    try {
      await this.#transaction.fail()
      await this.#closeEndedPortals()
    } catch (error) {
      // The statement's own error is the one to tell; the engine drops what it could not roll back.
      this.#log(error, 'rolling back failed')
    } finally {
      if (!this.#transaction.keepsLocks) this.#locks.release()
    }
  }

  /** @returns false where there was nothing to wait for */
  async #lock(request: LockRequest): Promise<boolean> {
    if (this.#locks.tryAcquire(request)) return false
    const statement = this.#statement
    const timeout = settingValue(this.#transaction.settings, 'lock_timeout')
    const timeoutMs = parseDurationMs('lock_timeout', timeout)
    const wait = (): Promise<void> => this.#locks.acquire(request, { timeoutMs, statement })
    // Whoever holds the table may be another session of the same principal, and need the place.
    if (this.#slot === undefined) await wait()
    else await this.#slot.stepAside(wait)
    return true
  }

  async #context(
    formats: ExecutionContext['formats'],
    sink: ResultSink,
  ): Promise<ExecutionContext> {
    const transaction = this.#transaction
    const { settings } = transaction
    const timeZone = settingValue(settings, 'TimeZone')
    if (timeZone !== this.#engineTimeZone) {
      await this.#store.setTimeZone(timeZone)
      this.#engineTimeZone = timeZone
    }
    const statementMicros = this.#services.nowMicros()
    return {
      services: this.#services,
      actor: this.#actor,
      settings,
      processId: this.#processId,
      store: this.#store,
      formats,
      model: () => transaction.model(),
      openTransaction: () => transaction.open,
      transactionForChange: () => transaction.forChange(),
      cancellation: () => {
        this.#cancellation ??= new AbortController()
        return this.#cancellation.signal
      },
      locks: this.#locks,
      lock: (request) => this.#lock(request),
      notice: (notice) => {
        const least = settingValue(transaction.settings, 'client_min_messages')
        if (reachesClient(notice.severity, least)) sink.notice(notice)
      },
      statementMicros,
      waitFor: this.#statement?.waitFor ?? ((work) => work),
      transactionMicros: transaction.beganMicros ?? statementMicros,
    }
  }

  /** ParameterStatus for each reported setting that changed (client-compatibility.md, section 1). */
  #tellSettings(sink: ResultSink): void {
    const { settings } = this.#transaction
    if (settings === this.#told) return
    const before = new Map(reportedSettings(this.#told))
    for (const [name, value] of reportedSettings(settings)) {
      if (before.get(name) !== value) sink.parameterStatus(name, value)
    }
    this.#told = settings
  }

  async #closeEndedPortals(): Promise<void> {
    if (this.#portalsOf === this.#transaction.ended) return
    this.#portalsOf = this.#transaction.ended
    await this.#objects.closePortals()
  }

  #log(error: unknown, what: string): void {
    this.#services.logger.error({ err: error, processId: this.#processId }, what)
  }
}

const emptyDescription: StatementDescription = { parameters: [], columns: undefined }

/** OIDs 0 and `unknown` leave the type to be inferred (client-compatibility.md, section 2, point 7). */
const unknownOid = 705

/** @throws SqlError 42704 for a type that grantd does not have */
function declaredType(oid: number): SqlType | undefined {
  if (oid === 0 || oid === unknownOid) return undefined
  const type = typeOfOid(oid)
  if (type === undefined) throw unsupportedParameterType(oid)
  return type
}
