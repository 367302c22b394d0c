import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import { errorAnswer } from './error-answer.ts'
import type { Frame } from './frame-reader.ts'
import type { WireLogger } from './logger.ts'
import type { Bind } from './messages/bind.ts'
import { bindComplete } from './messages/bind-complete.ts'
import type { Close } from './messages/close.ts'
import { closeComplete } from './messages/close-complete.ts'
import { decode, FrontendType, type FrontendMessage } from './messages/decode.ts'
import type { Describe } from './messages/describe.ts'
import { encodeErrorResponse } from './messages/error-response.ts'
import type { Execute } from './messages/execute.ts'
import type { MessageWriter } from './messages/message-writer.ts'
import { noData } from './messages/no-data.ts'
import { encodeParameterDescription } from './messages/parameter-description.ts'
import type { Parse } from './messages/parse.ts'
import { parseComplete } from './messages/parse-complete.ts'
import { readyForQuery } from './messages/ready-for-query.ts'
import { encodeRowDescription } from './messages/row-description.ts'
import type { Target } from './messages/target.ts'
import { ClientGone, type Outbox } from './outbox.ts'
import { ResultWriter } from './result-writer.ts'
import type {
  Awaitable,
  PortalDescription,
  SessionHandler,
  StatementDescription,
} from './session-handler.ts'
import { settle } from './settle.ts'

export interface ConversationOptions {
  readonly handler: SessionHandler
  readonly outbox: Outbox
  readonly writer: MessageWriter
  readonly logger: WireLogger
}

/**
 * What is said between login and end: the simple and the extended protocol, their order, and what
 * follows an error. Knows frames and the outbox, but no socket (protocol page "Message Flow").
 */
export class Conversation {
  readonly #handler: SessionHandler
  readonly #outbox: Outbox
  readonly #writer: MessageWriter
  readonly #logger: WireLogger
  readonly #sink: ResultWriter
  #phase: Phase = 'Idle'

  constructor(options: ConversationOptions) {
    this.#handler = options.handler
    this.#outbox = options.outbox
    this.#writer = options.writer
    this.#logger = options.logger
    this.#sink = new ResultWriter(options.outbox, options.writer)
  }

  /** Nothing was asked since the last ReadyForQuery. */
  get isIdle(): boolean {
    return this.#phase === 'Idle'
  }

  /** The client said goodbye, or an error was FATAL: no message is to be given here any more. */
  get isOver(): boolean {
    return this.#phase === 'Over'
  }

  /** Tells the client where its transaction stands, and that its turn has come. */
  ready(): void {
    if (this.isOver) return
    this.#phase = 'Idle'
    this.#outbox.append(readyForQuery[this.#handler.transactionStatus])
    this.#outbox.markDue()
  }

  /** Answers one message; a promise where the handler needs time. Never throws or rejects. */
  receive(frame: Frame): Awaitable<void> {
    if (this.#phase === 'SkippingToSync' && !endsSkipping.has(frame.type)) return
    let message: FrontendMessage
    try {
      message = decode(frame.type, frame.body)
    } catch (error) {
      return this.#refuse(frame.type, error)
    }
    return this.#answer(message)
  }

  #answer(message: FrontendMessage): Awaitable<void> {
    switch (message.kind) {
      case 'Query':
        return this.#query(message.text)
      case 'Parse':
        return this.#parse(message)
      case 'Bind':
        return this.#bind(message)
      case 'Describe':
        return this.#describe(message)
      case 'Execute':
        return this.#execute(message)
      case 'Close':
        return this.#close(message)
      case 'Flush':
        this.#outbox.markDue()
        return
      case 'Sync':
        return this.#sync()
      case 'FunctionCall':
        return this.#refuseAndSync(functionCallRefused())
      case 'CopyData':
      case 'CopyDone':
      case 'CopyFail':
        // "ignored ... outside of COPY" (protocol page "COPY Operations"; postgres.js sends a stray one).
        return
      case 'Terminate':
        this.#phase = 'Over'
        return
      default:
        return unreachable(message)
    }
  }

  #query(text: string): Awaitable<void> {
    this.#phase = 'Busy'
    return settle(
      () => this.#handler.query(text, this.#sink),
      () => {
        this.ready()
      },
      (error) => {
        this.#tell(error, text)
        this.ready()
      },
    )
  }

  #parse(message: Parse): Awaitable<void> {
    return this.#extended(
      () => this.#handler.parse(message, this.#sink),
      () => {
        this.#outbox.append(parseComplete)
      },
      () => message.text,
    )
  }

  #bind(message: Bind): Awaitable<void> {
    return this.#extended(
      () => this.#handler.bind(message, this.#sink),
      () => {
        this.#outbox.append(bindComplete)
      },
      () => this.#textOf({ kind: 'Statement', name: message.statement }),
    )
  }

  #describe({ target }: Describe): Awaitable<void> {
    const text = (): string | undefined => this.#textOf(target)
    if (target.kind === 'Statement') {
      const call = (): Awaitable<StatementDescription> =>
        this.#handler.describeStatement(target.name)
      return this.#extended(call, (description) => this.#tellStatement(description), text)
    }
    const call = (): Awaitable<PortalDescription> => this.#handler.describePortal(target.name)
    return this.#extended(call, (description) => this.#tellColumns(description), text)
  }

  #execute(message: Execute): Awaitable<void> {
    const rowsMax = Math.max(message.rowsMax, 0)
    return this.#extended(
      () => this.#handler.execute(message.portal, rowsMax, this.#sink),
      () => undefined,
      () => this.#textOf({ kind: 'Portal', name: message.portal }),
    )
  }

  #close({ target }: Close): Awaitable<void> {
    return this.#extended(
      () =>
        target.kind === 'Statement'
          ? this.#handler.closeStatement(target.name)
          : this.#handler.closePortal(target.name),
      () => {
        this.#outbox.append(closeComplete)
      },
      () => undefined,
    )
  }

  #sync(): Awaitable<void> {
    this.#phase = 'Busy'
    return settle(
      () => this.#handler.sync(this.#sink),
      () => {
        this.ready()
      },
      (error) => {
        this.#tell(error, undefined)
        this.ready()
      },
    )
  }

  /** A message of the extended protocol: after an error everything up to Sync is skipped. */
  #extended<T>(
    call: () => Awaitable<T>,
    done: (value: T) => void,
    text: () => string | undefined,
  ): Awaitable<void> {
    this.#phase = 'Busy'
    return settle(call, done, (error) => {
      this.#tell(error, hasOffset(error) ? text() : undefined)
      this.#skipToSync()
    })
  }

  #skipToSync(): void {
    if (!this.isOver) this.#phase = 'SkippingToSync'
  }

  /** Describe of a statement: formats are not known yet, and told as text. */
  #tellStatement(description: StatementDescription): void {
    this.#outbox.append(encodeParameterDescription(this.#writer, description.parameters))
    this.#tellColumns({ columns: description.columns, formats: [] })
  }

  #tellColumns({ columns, formats }: PortalDescription): void {
    this.#outbox.append(
      columns === undefined
        ? noData
        : encodeRowDescription(this.#writer, { kind: 'RowDescription', columns, formats }),
    )
  }

  /** A message that could not be decoded. PostgreSQL does not read the bodies of those ignored here. */
  #refuse(type: number, error: unknown): Awaitable<void> {
    if (copyTypes.has(type)) return
    if (type === FrontendType.Terminate) {
      this.#phase = 'Over'
      return
    }
    if (!skippingTypes.has(type)) return this.#refuseAndSync(error)
    this.#handler.fail()
    this.#tell(error, undefined)
    this.#skipToSync()
  }

  /** An error outside of the extended protocol: the transaction fails, and the client's turn comes. */
  #refuseAndSync(error: unknown): Awaitable<void> {
    this.#handler.fail()
    this.#tell(error, undefined)
    return this.isOver ? undefined : this.#sync()
  }

  /** Sends the error; a FATAL one is the last word. */
  #tell(error: unknown, text: string | undefined): void {
    if (error instanceof ClientGone) {
      this.#phase = 'Over'
      return
    }
    // Whoever throws something else has not said what becomes of the transaction.
    if (!(error instanceof SqlError)) this.#handler.fail()
    const answer = errorAnswer(error, { logger: this.#logger, text })
    this.#outbox.append(encodeErrorResponse(this.#writer, answer))
    if (answer.severity !== 'ERROR') this.#phase = 'Over'
  }

  #textOf(target: Target): string | undefined {
    return this.#handler.textOf?.(target)
  }
}

/** Idle since ReadyForQuery; Busy with what must end in Sync or ReadyForQuery. */
type Phase = 'Idle' | 'Busy' | 'SkippingToSync' | 'Over'

const endsSkipping: ReadonlySet<number> = new Set([FrontendType.Sync, FrontendType.Terminate])

const copyTypes: ReadonlySet<number> = new Set([
  FrontendType.CopyData,
  FrontendType.CopyDone,
  FrontendType.CopyFail,
])

/** After an error in one of these PostgreSQL skips to Sync (postgres.c: `SocketBackend`). */
const skippingTypes: ReadonlySet<number> = new Set([
  FrontendType.Parse,
  FrontendType.Bind,
  FrontendType.Describe,
  FrontendType.Execute,
  FrontendType.Close,
  FrontendType.Flush,
])

function hasOffset(error: unknown): boolean {
  return error instanceof SqlError && error.offset !== undefined
}

function functionCallRefused(): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'function call is not supported', {
    hint: 'Call the function in a SELECT.',
  })
}
