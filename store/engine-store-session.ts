import { invariant } from '../errors/invariant.ts'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { isFatal, translateFailure } from './engine-error.ts'
import { engineWasRestarted } from './engine-host.ts'
import type { EngineHost } from './engine-host.ts'
import type { EngineLink, PendingCall } from './engine-link.ts'
import { FetchCall } from './fetch-call.ts'
import type { EngineRequest } from './protocol/request.ts'
import type { EngineAnswer, EngineFailure } from './protocol/response.ts'
import type { SqlType } from './sql-type.ts'
import type { StoreConfiguration } from './store-options.ts'
import type {
  ExecuteRequest,
  FetchOutcome,
  Program,
  RowSink,
  StorePortal,
  StoreSession,
} from './store.ts'

/** Time that an interrupted statement has to end before its process is ended (section 5.4). */
const interruptGraceMs = 2000

/** A call in the engine, from its sending to its end. */
interface RunningCall {
  readonly link: EngineLink
  readonly call: number
  /** Whether a cancel may reach it: the end of a transaction may not be torn. */
  readonly isStatement: boolean
  /** The transaction in which it runs. */
  readonly transaction: Transaction | undefined
  timer: NodeJS.Timeout | undefined
  isTimedOut: boolean
}

/** An open transaction, and the engine process in which it lives once that is known. */
interface Transaction {
  link: EngineLink | undefined
  hasFailed: boolean
  writes: number
}

/** One client's connection: sends calls without waiting for earlier ones; the engine keeps their order. */
export class EngineStoreSession implements StoreSession {
  readonly #host: EngineHost
  readonly #configuration: StoreConfiguration
  readonly #number: number
  /** The calls under way, in the order in which the engine runs them. */
  readonly #running: RunningCall[] = []
  #transaction: Transaction | undefined
  #knownTo: EngineLink | undefined
  #timeZone = 'UTC'
  #lastPortal = 0
  #consumedBytes = 0
  #isClosed = false

  constructor(host: EngineHost, configuration: StoreConfiguration, number: number) {
    this.#host = host
    this.#configuration = configuration
    this.#number = number
  }

  async describe(program: Program): Promise<readonly SqlType[]> {
    const answer = await this.#ask({
      isStatement: true,
      program,
      request: (call, link) => ({
        kind: 'Describe',
        call,
        session: this.#number,
        program: link.programs.numberOf(program),
      }),
    })
    invariant(answer.kind === 'Types', 'Describe is answered with types')
    return answer.types
  }

  open(request: ExecuteRequest): StorePortal {
    const portal = ++this.#lastPortal
    let startedIn: EngineLink | undefined
    return {
      fetch: (rowsMax, sink) =>
        this.#fetch({ portal, request, rowsMax, sink, startedIn }, (link) => {
          startedIn = link
        }),
      close: async () => {
        if (startedIn === undefined || startedIn !== this.#host.link) return
        startedIn.send({ kind: 'ClosePortal', session: this.#number, portal })
        startedIn = undefined
      },
    }
  }

  async begin(options: { readonly readOnly: boolean }): Promise<void> {
    invariant(this.#transaction === undefined, 'no transaction is open')
    const transaction: Transaction = { link: undefined, hasFailed: false, writes: 0 }
    this.#transaction = transaction
    try {
      await this.#ask({
        isStatement: false,
        request: (call, link) => {
          transaction.link = link
          return { kind: 'Begin', call, session: this.#number, readOnly: options.readOnly }
        },
      })
    } catch (error) {
      if (this.#transaction === transaction) this.#transaction = undefined
      throw error
    }
  }

  async commit(transactionNumber?: number): Promise<void> {
    invariant(this.#transaction, 'a transaction is open')
    const done = this.#ask({
      isStatement: false,
      request: (call) => ({
        kind: 'Commit',
        call,
        session: this.#number,
        ...(transactionNumber === undefined ? {} : { transactionNumber }),
      }),
    })
    // Whatever is called next comes after it.
    this.#transaction = undefined
    await done
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction
    this.#transaction = undefined
    const link = transaction?.link
    // A transaction that was lost with its process is rolled back already.
    if (link === undefined || link !== this.#host.link) return
    await this.#call(link, {
      isStatement: false,
      request: (call) => ({ kind: 'Rollback', call, session: this.#number }),
    }).catch(ignoreRestart)
  }

  get isTransactionUsable(): boolean {
    const transaction = this.#transaction
    return transaction?.hasFailed === false && transaction.link === this.#host.link
  }

  get writesInTransaction(): number {
    return this.#transaction?.writes ?? 0
  }

  async revive(): Promise<boolean> {
    const transaction = this.#transaction
    // What was lost with its process cannot be had again.
    if (transaction?.link === undefined || transaction.link !== this.#host.link) return false
    const answer = await this.#ask({
      isStatement: false,
      request: (call) => ({ kind: 'Revive', call, session: this.#number }),
    })
    invariant(answer.kind === 'Revived', 'Revive is answered with whether it did')
    if (answer.isRevived) transaction.hasFailed = false
    return answer.isRevived
  }

  cancel(): void {
    const [first] = this.#running
    if (first?.isStatement === true) this.#sendCancel(first)
  }

  async setTimeZone(name: string): Promise<void> {
    this.#timeZone = name
    const link = this.#knownTo
    if (link !== undefined && link === this.#host.link) this.#sendTimeZone(link)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const [first] = this.#running
    if (first?.isStatement === true) this.#sendCancel(first)
    const link = this.#knownTo
    if (link === undefined || link !== this.#host.link) return
    await this.#call(link, {
      isStatement: false,
      request: (call) => ({ kind: 'CloseSession', call, session: this.#number }),
    }).catch(ignoreRestart)
  }

  async #fetch(
    given: {
      readonly portal: number
      readonly request: ExecuteRequest
      readonly rowsMax: number
      readonly sink: RowSink
      readonly startedIn: EngineLink | undefined
    },
    onStarted: (link: EngineLink) => void,
  ): Promise<FetchOutcome> {
    const transaction = this.#transaction
    const link = this.#host.link ?? (await this.#host.ready())
    requireSameEngine(link, given.startedIn ?? transaction?.link)
    this.#introduce(link)
    if (given.startedIn === undefined) {
      if (transaction !== undefined && given.request.program.kind !== 'Query') {
        transaction.writes += 1
      }
      this.#sendOpen(link, given.portal, given.request)
      onStarted(link)
    }
    return await this.#sendFetch(link, given)
  }

  #sendOpen(link: EngineLink, portal: number, request: ExecuteRequest): void {
    const { program, formats, values } = request
    const number = link.programs.numberOf(program)
    link.send({
      kind: 'Open',
      session: this.#number,
      portal,
      program: number,
      formats,
      values,
    })
  }

  #sendFetch(
    link: EngineLink,
    given: {
      readonly portal: number
      readonly request: ExecuteRequest
      readonly rowsMax: number
      readonly sink: RowSink
    },
  ): Promise<FetchOutcome> {
    return new Promise((resolve, reject) => {
      this.#track(
        link,
        true,
        (call) => ({
          kind: 'Fetch',
          call,
          session: this.#number,
          portal: given.portal,
          rowsMax: given.rowsMax,
        }),
        (running) =>
          new FetchCall(given.sink, {
            consumed: (bytes) => this.#giveCredit(link, bytes),
            abandoned: () => this.#sendCancel(running()),
            ended: () => this.#untrack(running()),
            settled: resolve,
            failed: reject,
            translate: (failure) => this.#translate(failure, given.request.program, running()),
          }),
      )
    })
  }

  async #ask(given: CallRequest): Promise<EngineAnswer> {
    const transaction = this.#transaction
    const link = this.#host.link ?? (await this.#host.ready())
    requireSameEngine(link, transaction?.link)
    return await this.#call(link, given)
  }

  #call(link: EngineLink, given: CallRequest): Promise<EngineAnswer> {
    this.#introduce(link)
    return new Promise((resolve, reject) => {
      const unexpected = (): void => reject(new Error('this call has no rows'))
      this.#track(
        link,
        given.isStatement,
        (call) => given.request(call, link),
        (running) => ({
          rows: unexpected,
          complete: unexpected,
          suspended: unexpected,
          answer: (answer) => {
            this.#untrack(running())
            resolve(answer)
          },
          fail: (failure) => {
            this.#untrack(running())
            reject(this.#translate(failure, given.program, running()))
          },
        }),
      )
    })
  }

  #track(
    link: EngineLink,
    isStatement: boolean,
    request: (call: number) => EngineRequest,
    pending: (running: () => RunningCall) => PendingCall,
  ): void {
    const call = link.call(
      request,
      pending(() => running),
    )
    const running: RunningCall = {
      link,
      call,
      isStatement,
      transaction: this.#transaction,
      timer: undefined,
      isTimedOut: false,
    }
    this.#running.push(running)
    if (this.#running.length === 1) this.#startTimer(running)
  }

  #untrack(running: RunningCall): void {
    clearTimeout(running.timer)
    const index = this.#running.indexOf(running)
    if (index >= 0) this.#running.splice(index, 1)
    const [next] = this.#running
    if (next !== undefined && next.timer === undefined) this.#startTimer(next)
  }

  /** A statement's time begins when those before it in its session have ended. */
  #startTimer(running: RunningCall): void {
    const { statementTimeoutMs } = this.#configuration
    if (statementTimeoutMs === undefined || !running.isStatement) return
    running.timer = setTimeout(() => {
      running.isTimedOut = true
      this.#sendCancel(running)
      running.timer = setTimeout(() => {
        if (!running.link.isPending(running.call)) return
        this.#host.kill(running.link, 'did not stop a statement that was interrupted')
      }, interruptGraceMs)
    }, statementTimeoutMs)
  }

  #sendCancel(running: RunningCall): void {
    if (!running.link.isPending(running.call)) return
    running.link.send({ kind: 'Cancel', session: this.#number, call: running.call })
  }

  /** Credit goes back in parts of a quarter, not message by message. */
  #giveCredit(link: EngineLink, bytes: number): void {
    this.#consumedBytes += bytes
    if (this.#consumedBytes * 4 < this.#configuration.creditBytes) return
    if (link === this.#host.link) {
      link.send({ kind: 'Credit', session: this.#number, bytes: this.#consumedBytes })
    }
    this.#consumedBytes = 0
  }

  /** The engine process learns of a session at its first call, with its settings. */
  #introduce(link: EngineLink): void {
    if (this.#knownTo === link) return
    this.#knownTo = link
    this.#consumedBytes = 0
    if (this.#timeZone !== 'UTC') this.#sendTimeZone(link)
  }

  #sendTimeZone(link: EngineLink): void {
    const name = this.#timeZone
    void this.#call(link, {
      isStatement: false,
      request: (call) => ({ kind: 'SetTimeZone', call, session: this.#number, name }),
    }).catch(ignoreRestart)
  }

  #translate(
    failure: EngineFailure | SqlError,
    program: Program | undefined,
    running: RunningCall,
  ): SqlError {
    // The engine process does the same: any error fails the transaction.
    if (running.transaction !== undefined) running.transaction.hasFailed = true
    if (failure instanceof SqlError) return failure
    if (isFatal(failure)) this.#host.kill(running.link, 'the engine reported a fatal error')
    const error = translateFailure(failure, program, this.#configuration.onEvent)
    const isTimeout = running.isTimedOut && error.sqlState === SqlState.QueryCanceled
    return isTimeout ? statementTimedOut() : error
  }
}

interface CallRequest {
  readonly isStatement: boolean
  readonly program?: Program
  readonly request: (call: number, link: EngineLink) => EngineRequest
}

/** What lived in an engine process that is gone is told so at its next statement. */
function requireSameEngine(link: EngineLink, home: EngineLink | undefined): void {
  if (home !== undefined && home !== link) throw engineWasRestarted()
}

function statementTimedOut(): SqlError {
  return new SqlError(SqlState.QueryCanceled, 'canceling statement due to statement timeout')
}

/** The process is gone, and with it what was to be ended. */
function ignoreRestart(error: unknown): void {
  if (error instanceof SqlError && error.sqlState === SqlState.CrashShutdown) return
  throw error
}
