import duckdb from '@duckdb/node-bindings'
import { driverMessage } from '../../errors/driver-code.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { BootSettings, EngineRequest, ProgramDefinition } from '../protocol/request.ts'
import { encodeResponse } from '../protocol/response.ts'
import type { EngineAnswer, EngineFailure, EngineResponse } from '../protocol/response.ts'
import { bootEngine } from './boot-engine.ts'
import type { BootedEngine } from './boot-engine.ts'
import {
  checkpoint,
  forgetCommitsBelow,
  hasCommitted,
  physicalTables,
  sweepTables,
} from './commits.ts'
import { EngineSession } from './engine-session.ts'
import { StatementSlots } from './statement-slots.ts'
import { TableWrites } from './table-writes.ts'
import { TableCopy, takeRows } from './table-copy.ts'

/** The engine process's side of the connection: hands requests to sessions and answers them. */
export class EngineServer {
  readonly #send: (frame: Buffer) => void
  readonly #programs = new Map<number, ProgramDefinition>()
  readonly #sessions = new Map<number, EngineSession>()
  readonly #writes = new TableWrites()
  #engine:
    (BootedEngine & { readonly settings: BootSettings; readonly slots: StatementSlots }) | undefined
  /** Calls on the server's own connection run one by one. */
  #ownQueue: Promise<unknown> = Promise.resolve()

  /** The copy that is being made, if any; the server makes one at a time. */
  #copy: Promise<TableCopy> | undefined
  #isShutDown = false

  constructor(send: (frame: Buffer) => void) {
    this.#send = send
  }

  /** The data file is closed. */
  get isShutDown(): boolean {
    return this.#isShutDown
  }

  handle(request: EngineRequest): void {
    switch (request.kind) {
      case 'Boot':
        void this.#boot(request.settings)
        return
      case 'Define':
        this.#programs.set(request.program, request.definition)
        return
      case 'Forget':
        this.#programs.delete(request.program)
        return
      case 'Open':
        this.#session(request.session).openPortal(request.portal, {
          program: this.#program(request.program),
          values: request.values,
          formats: request.formats,
        })
        return
      case 'Fetch':
        void this.#fetch(request)
        return
      case 'ClosePortal':
        this.#closePortal(request.session, request.portal)
        return
      case 'Describe': {
        const program = this.#program(request.program)
        this.#call(request, async (session) => ({
          kind: 'Types',
          types: await session.describe(program),
        }))
        return
      }
      case 'Begin':
        this.#call(request, (session) => done(session.begin(request.readOnly)))
        return
      case 'Commit':
        this.#call(request, (session) => done(session.commit(request.transactionNumber)))
        return
      case 'Rollback':
        this.#call(request, (session) => done(session.rollback()))
        return
      case 'Revive':
        this.#call(request, async (session) => ({
          kind: 'Revived',
          isRevived: await session.revive(),
        }))
        return
      case 'SetTimeZone':
        this.#call(request, async (session) => {
          session.setTimeZone(request.name)
          return { kind: 'Done' }
        })
        return
      case 'Cancel':
        this.#sessions.get(request.session)?.cancel(request.call)
        return
      case 'Credit':
        this.#sessions.get(request.session)?.grantCredit(request.bytes)
        return
      case 'CloseSession':
        this.#call(request, (session) => done(session.close()))
        this.#sessions.delete(request.session)
        return
      case 'HasCommitted':
        this.#ownCall(request.call, async ({ connection, settings }) => ({
          kind: 'Committed',
          hasCommitted: await hasCommitted(
            connection,
            settings.databaseAlias,
            request.transactionNumber,
          ),
        }))
        return
      case 'ForgetCommits':
        this.#ownCall(request.call, ({ connection, settings }) =>
          done(forgetCommitsBelow(connection, settings.databaseAlias, request.transactionNumber)),
        )
        return
      case 'Tables':
        this.#ownCall(request.call, async ({ connection, settings }) => ({
          kind: 'Tables',
          oids: await physicalTables(connection, settings.databaseAlias),
        }))
        return
      case 'Checkpoint':
        this.#ownCall(request.call, ({ connection, settings }) =>
          done(checkpoint(connection, settings.databaseAlias)),
        )
        return
      case 'Sweep':
        this.#ownCall(request.call, async ({ connection, settings }) => ({
          kind: 'Swept',
          oids: await sweepTables(connection, settings.databaseAlias, new Set(request.oids)),
        }))
        return
      case 'BeginCopy':
        void this.#answer(request.call, done(this.#beginCopy(request.file)))
        return
      case 'WriteCopy':
        // Beside the queue of the server's own calls: those must not wait for it.
        void this.#answer(request.call, this.#writeCopy(request.oids))
        return
      case 'CancelCopy':
        void this.#copy?.then((copy) => copy.cancel(), ignore)
        return
      case 'EndCopy':
        void this.#answer(request.call, done(this.#endCopy()))
        return
      case 'TakeRows':
        this.#ownCall(request.call, ({ database, settings }) =>
          done(takeRows({ ...request.rows, database, databaseAlias: settings.databaseAlias })),
        )
        return
      case 'Shutdown':
        this.#ownCall(request.call, () => done(this.#shutDown()))
        return
      default:
        unreachable(request)
    }
  }

  async #beginCopy(file: string): Promise<void> {
    invariant(this.#copy === undefined, 'one copy is made at a time')
    const { database, settings } = this.#running()
    this.#copy = TableCopy.begin({ database, databaseAlias: settings.databaseAlias, file })
    await this.#copy
  }

  async #writeCopy(oids: readonly number[] | undefined): Promise<EngineAnswer> {
    invariant(this.#copy, 'a copy is begun before it is written')
    const copy = await this.#copy
    return { kind: 'Tables', oids: await copy.write(oids) }
  }

  async #endCopy(): Promise<void> {
    const beginning = this.#copy
    const copy = await beginning?.catch(ignore)
    copy?.cancel()
    await copy?.close()
    if (this.#copy === beginning) this.#copy = undefined
  }

  /** Ends all sessions, writes everything into the data file and closes it. */
  async #shutDown(): Promise<void> {
    const { database, connection, settings } = this.#running()
    await Promise.all(
      [...this.#sessions.values()].map((session) => session.enqueue(0, () => session.close())),
    )
    await this.#endCopy()
    await checkpoint(connection, settings.databaseAlias)
    duckdb.disconnect_sync(connection)
    duckdb.close_sync(database)
    this.#isShutDown = true
  }

  async #boot(settings: BootSettings): Promise<void> {
    try {
      const engine = await bootEngine(settings)
      const slots = new StatementSlots({
        slots: settings.statementSlots,
        queueMax: settings.statementQueueMax,
        queueTimeoutMs: settings.statementQueueTimeoutMs,
      })
      this.#engine = { ...engine, settings, slots }
      this.#respond({ kind: 'Booted' })
    } catch (error) {
      this.#respond({ kind: 'BootFailed', reason: driverMessage(error) })
    }
  }

  async #fetch(request: EngineRequest & { readonly kind: 'Fetch' }): Promise<void> {
    const session = this.#session(request.session)
    try {
      const result = await session.enqueue(request.call, () =>
        session.fetch(request.portal, request.rowsMax),
      )
      this.#respond({ ...result, call: request.call })
    } catch (error) {
      this.#respondFailed(request.call, error)
    }
  }

  #closePortal(sessionNumber: number, portal: number): void {
    const session = this.#session(sessionNumber)
    // Nobody waits for it; a failing COMMIT of a portal that was given up has nobody to tell.
    session.enqueue(0, () => session.closePortal(portal)).catch(() => undefined)
  }

  #call(
    request: { readonly call: number; readonly session: number },
    task: (session: EngineSession) => Promise<EngineAnswer>,
  ): void {
    const session = this.#session(request.session)
    void this.#answer(
      request.call,
      session.enqueue(request.call, () => task(session)),
    )
  }

  #ownCall(call: number, task: (engine: RunningEngine) => Promise<EngineAnswer>): void {
    const engine = this.#running()
    const result = this.#ownQueue.then(() => task(engine))
    this.#ownQueue = result.catch(() => undefined)
    void this.#answer(call, result)
  }

  async #answer(call: number, result: Promise<EngineAnswer>): Promise<void> {
    try {
      this.#respond({ kind: 'Answer', call, answer: await result })
    } catch (error) {
      this.#respondFailed(call, error)
    }
  }

  #respondFailed(call: number, error: unknown): void {
    this.#respond({ kind: 'Failed', call, failure: failureOf(error) })
  }

  #respond(response: Exclude<EngineResponse, { readonly kind: 'Rows' }>): void {
    this.#send(encodeResponse(response))
  }

  #session(number: number): EngineSession {
    const known = this.#sessions.get(number)
    if (known !== undefined) return known
    const { database, settings, slots } = this.#running()
    const session = new EngineSession({
      database,
      settings,
      slots,
      writes: this.#writes,
      send: this.#send,
    })
    this.#sessions.set(number, session)
    return session
  }

  #program(number: number): ProgramDefinition {
    const program = this.#programs.get(number)
    invariant(program, 'a program is defined before it is used')
    return program
  }

  #running(): RunningEngine {
    invariant(this.#engine, 'the engine was booted')
    return this.#engine
  }
}

type RunningEngine = BootedEngine & {
  readonly settings: BootSettings
  readonly slots: StatementSlots
}

/** Whoever began the copy was told why it could not. */
function ignore(): undefined {
  return undefined
}

async function done(task: Promise<unknown>): Promise<EngineAnswer> {
  await task
  return { kind: 'Done' }
}

/** The engine's own words stay between the two processes; the server translates them. */
function failureOf(error: unknown): EngineFailure {
  if (error instanceof SqlError) {
    return { kind: 'Sql', sqlState: error.sqlState, message: error.message }
  }
  return { kind: 'Engine', message: driverMessage(error) }
}
