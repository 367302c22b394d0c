import type { Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import { driverMessage } from '../../errors/driver-code.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { CancelKey } from './cancel-registry.ts'
import { Conversation } from './conversation.ts'
import { errorAnswer } from './error-answer.ts'
import { FrameReader } from './frame-reader.ts'
import { passwordMessageBytesMax, startupPacketBytesMax, type WireLimits } from './limits.ts'
import type { WireLogger } from './logger.ts'
import {
  adminShutdown,
  encryptionRequired,
  loginTimedOut,
  passwordExpected,
  tooManyClients,
  unencryptedData,
} from './login-errors.ts'
import { checkHead, checkLength } from './message-lengths.ts'
import { authenticationCleartextPassword, authenticationOk } from './messages/authentication.ts'
import { encodeBackendKeyData } from './messages/backend-key-data.ts'
import { FrontendType } from './messages/decode.ts'
import { decodeStartupPacket, type StartupPacket } from './messages/decode-startup.ts'
import { encodeErrorResponse } from './messages/error-response.ts'
import { MessageReader } from './messages/message-reader.ts'
import type { MessageWriter } from './messages/message-writer.ts'
import { encodeNegotiateProtocolVersion } from './messages/negotiate-protocol-version.ts'
import { encodeNoticeResponse } from './messages/notice-response.ts'
import { encodeParameterStatus } from './messages/parameter-status.ts'
import { decodePasswordMessage } from './messages/password-message.ts'
import { invalidStartupLength } from './messages/protocol-errors.ts'
import type { StartupMessage } from './messages/startup-message.ts'
import { ClientGone, Outbox } from './outbox.ts'
import { isLoopback } from './peer.ts'
import type { Awaitable, Login, LoginOutcome, SessionHandler } from './session-handler.ts'
import { isPending } from './settle.ts'
import { readStartup, type StartupRequest } from './startup-request.ts'

/** What a connection needs of the listener that accepted it. */
export interface ConnectionHost {
  readonly limits: WireLimits
  readonly logger: WireLogger
  readonly writer: MessageWriter
  readonly login: Login
  /** Whether passwords may cross a network without TLS; the loopback device is no network. */
  readonly allowsCleartext: boolean
  /** Absent: SSLRequest is answered `N`. */
  secureContext(): SecureContext | undefined
  /** Takes a process id and secret key for a session to be; released with {@link release}. */
  register(cancel: () => void): CancelKey
  cancel(key: CancelKey): void
  /** Counts a session in; false if there are too many. */
  admit(connection: Connection): boolean
  /** The connection is gone: forget it, and its key. */
  release(connection: Connection, key: CancelKey | undefined): void
}

type State =
  | { readonly kind: 'AwaitingStartup' }
  | { readonly kind: 'AwaitingPassword'; readonly request: StartupRequest }
  | { readonly kind: 'Authenticating' }
  | {
      readonly kind: 'Ready'
      readonly handler: SessionHandler
      readonly conversation: Conversation
    }
  /** The last bytes are on their way; what the client still sends is not read. */
  | { readonly kind: 'Closing' }

/** One step of the loop: something was done, nothing can be done before more bytes come, or wait. */
type Step = 'Done' | 'Starved' | Promise<void>

/**
 * One client's socket, from its acceptance to its end: start-up, TLS, login, then messages in order,
 * one at a time, synchronously while answers are at hand.
 */
export class Connection {
  readonly #host: ConnectionHost
  readonly #frames = new FrameReader()
  readonly #remoteAddress: string
  readonly #loginTimer: NodeJS.Timeout
  #socket: Socket
  #outbox: Outbox
  #state: State = { kind: 'AwaitingStartup' }
  #key: CancelKey | undefined
  /** A message is being answered, or the client reads too slowly. */
  #isWaiting = false
  #hasInputEnded = false
  #isShuttingDown = false
  #closeTimer: NodeJS.Timeout | undefined
  #ending: Promise<void> = Promise.resolve()

  constructor(socket: Socket, host: ConnectionHost) {
    this.#host = host
    this.#socket = socket
    this.#remoteAddress = socket.remoteAddress ?? 'unknown'
    this.#outbox = this.#makeOutbox()
    this.#loginTimer = setTimeout(() => {
      this.#onLoginTimeout()
    }, host.limits.loginTimeoutMs)
    this.#attach()
  }

  /** Settles when the session's handler has ended. */
  get ended(): Promise<void> {
    return this.#ending
  }

  /** No more statements: ends at once when idle, else behind what runs. */
  shutDown(): void {
    this.#isShuttingDown = true
    if (!this.#isWaiting || this.#state.kind === 'Authenticating') this.#fatal(adminShutdown())
  }

  /** Ends now, whatever runs. */
  terminate(): void {
    if (this.#state.kind !== 'Closing') this.#fatal(adminShutdown())
  }

  /** Tells a client that there is no room for it, before it said anything. */
  refuse(): void {
    this.#fatal(tooManyClients())
  }

  #makeOutbox(): Outbox {
    return new Outbox(this.#socket, { bytesHigh: this.#host.limits.outputBytesHigh })
  }

  #attach(): void {
    this.#socket
      .on('data', this.#onData)
      .on('end', this.#onInputEnd)
      .on('error', this.#onError)
      .on('close', this.#onClose)
  }

  #detach(): void {
    this.#socket
      .off('data', this.#onData)
      .off('end', this.#onInputEnd)
      .off('error', this.#onError)
      .off('close', this.#onClose)
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#state.kind === 'Closing') return
    this.#frames.push(chunk)
    if (!this.#isWaiting) this.#process()
    else this.#regulateInput()
  }

  /** The socket's 'close' follows and does what is to be done. */
  readonly #onError = (error: unknown): void => {
    this.#host.logger.debug({ error: driverMessage(error) }, 'connection failed')
  }

  /** Takes messages while answers are at hand; what was answered goes out in one write. */
  #process(): void {
    let step: Step = 'Done'
    while (step === 'Done') step = this.#step()
    if (step === 'Starved') {
      this.#outbox.flushDue()
      if (this.#hasInputEnded) this.#close()
    } else {
      this.#outbox.flushDueSoon()
      this.#waitFor(step)
    }
    this.#regulateInput()
  }

  #waitFor(pending: Promise<void>): void {
    this.#isWaiting = true
    const resume = (): void => {
      this.#isWaiting = false
      this.#process()
    }
    const failed = (error: unknown): void => {
      this.#isWaiting = false
      if (error instanceof ClientGone) this.#close()
      else this.#fatal(error)
    }
    pending.then(resume).catch(failed)
  }

  #step(): Step {
    try {
      return this.#stepByState()
    } catch (error) {
      this.#fatal(error)
      return 'Starved'
    }
  }

  #stepByState(): Step {
    const state = this.#state
    switch (state.kind) {
      case 'AwaitingStartup':
        return this.#stepStartup()
      case 'AwaitingPassword':
        return this.#stepPassword(state.request)
      case 'Ready':
        // A client that asks but does not read is not answered further.
        return this.#outbox.backPressure() ?? this.#stepReady(state.conversation)
      case 'Authenticating':
        return 'Starved'
      case 'Closing':
        this.#frames.clear()
        return 'Starved'
      default:
        return unreachable(state)
    }
  }

  #stepReady(conversation: Conversation): Step {
    if (this.#isShuttingDown && conversation.isIdle) throw adminShutdown()
    const head = this.#frames.head()
    if (head === undefined) return this.#starved()
    checkHead(head, this.#host.limits)
    const body = this.#frames.takeBody(head)
    if (body === undefined) return this.#starved()
    return this.#afterMessage(conversation, conversation.receive({ type: head.type, body }))
  }

  #starved(): Step {
    if (this.#isShuttingDown) throw adminShutdown()
    return 'Starved'
  }

  #afterMessage(conversation: Conversation, answer: Awaitable<void>): Step {
    if (isPending(answer)) return this.#afterAnswer(conversation, answer)
    if (conversation.isOver) this.#close()
    return 'Done'
  }

  async #afterAnswer(conversation: Conversation, answer: Promise<void>): Promise<void> {
    await answer
    if (conversation.isOver) this.#close()
  }

  #stepStartup(): Step {
    const length = this.#frames.startupLength()
    if (length === undefined) return 'Starved'
    if (length < startupPacketBytesMin || length > startupPacketBytesMax) {
      throw invalidStartupLength()
    }
    const body = this.#frames.takeStartup(length)
    return body === undefined ? 'Starved' : this.#answerStartup(decodeStartupPacket(body))
  }

  #answerStartup(packet: StartupPacket): Step {
    switch (packet.kind) {
      case 'SSLRequest':
        return this.#answerSslRequest()
      case 'GSSENCRequest':
        this.#sendByte('N')
        return 'Done'
      case 'CancelRequest':
        this.#host.cancel(packet)
        this.#close()
        return 'Done'
      case 'StartupMessage':
        return this.#start(packet)
      default:
        return unreachable(packet)
    }
  }

  #answerSslRequest(): Step {
    const context = this.#isEncrypted() ? undefined : this.#host.secureContext()
    if (context === undefined) {
      this.#sendByte('N')
      return 'Done'
    }
    if (this.#frames.bytes > 0) throw unencryptedData()
    this.#sendByte('S')
    this.#outbox.flush()
    this.#encrypt(context)
    return 'Starved'
  }

  #sendByte(answer: 'N' | 'S'): void {
    this.#outbox.append(Buffer.from(answer, 'latin1'))
    this.#outbox.markDue()
  }

  #isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket
  }

  /** From here on the plain socket is read and written by TLS alone. */
  #encrypt(secureContext: SecureContext): void {
    const plain = this.#socket
    this.#detach()
    plain.on('error', this.#onError)
    this.#socket = new TLSSocket(plain, { isServer: true, secureContext })
    this.#outbox = this.#makeOutbox()
    this.#attach()
  }

  #start(message: StartupMessage): Step {
    const request = readStartup(message)
    if (request.negotiation !== undefined) {
      const negotiation = { kind: 'NegotiateProtocolVersion', ...request.negotiation } as const
      this.#outbox.append(encodeNegotiateProtocolVersion(this.#host.writer, negotiation))
    }
    const isSafe = this.#isEncrypted() || isLoopback(this.#remoteAddress)
    if (!isSafe && !this.#host.allowsCleartext) throw encryptionRequired()
    this.#outbox.append(authenticationCleartextPassword)
    this.#outbox.markDue()
    this.#state = { kind: 'AwaitingPassword', request }
    return 'Done'
  }

  #stepPassword(request: StartupRequest): Step {
    const head = this.#frames.head()
    if (head === undefined) return 'Starved'
    if (head.type !== FrontendType.PasswordMessage) throw passwordExpected(head.type)
    checkLength(head.length, passwordMessageBytesMax)
    const body = this.#frames.takeBody(head)
    if (body === undefined) return 'Starved'
    const { password } = decodePasswordMessage(new MessageReader(body))
    const authenticated = this.#authenticate(request, password)
    this.#ending = authenticated
    return authenticated
  }

  async #authenticate(request: StartupRequest, password: string): Promise<void> {
    this.#state = { kind: 'Authenticating' }
    const key = this.#host.register(() => {
      if (this.#state.kind === 'Ready') this.#state.handler.cancel()
    })
    this.#key = key
    try {
      const { user, database, settings } = request
      const { processId } = key
      const remoteAddress = this.#remoteAddress
      const login = { user, database, settings, password, processId, remoteAddress }
      await this.#welcome(await this.#host.login(login), key)
    } catch (error) {
      this.#fatal(error)
    }
  }

  /** The client may be gone by now, or one too many. */
  async #welcome(outcome: LoginOutcome, key: CancelKey): Promise<void> {
    if (outcome.kind === 'Refused') throw outcome.error
    if (this.#state.kind === 'Authenticating' && this.#host.admit(this)) {
      this.#letIn(outcome, key)
      return
    }
    await this.#endSession(outcome.handler)
    throw tooManyClients()
  }

  #letIn({ handler, parameters, notices }: Accepted, key: CancelKey): void {
    clearTimeout(this.#loginTimer)
    const { writer, logger } = this.#host
    const conversation = new Conversation({ handler, outbox: this.#outbox, writer, logger })
    this.#state = { kind: 'Ready', handler, conversation }
    this.#outbox.append(authenticationOk)
    for (const [name, value] of parameters) {
      this.#outbox.append(encodeParameterStatus(writer, { kind: 'ParameterStatus', name, value }))
    }
    this.#outbox.append(encodeBackendKeyData(writer, { kind: 'BackendKeyData', ...key }))
    for (const notice of notices) this.#outbox.append(encodeNoticeResponse(writer, notice))
    conversation.ready()
  }

  /** While messages wait behind a running one, no more than a bounded number of bytes is read. */
  #regulateInput(): void {
    const bytesMax =
      this.#state.kind === 'Ready' ? this.#host.limits.queueBytesMax : passwordMessageBytesMax
    const isFull = this.#isWaiting && this.#frames.bytes > bytesMax
    if (isFull && !this.#socket.isPaused()) this.#socket.pause()
    else if (!isFull && this.#socket.isPaused()) this.#socket.resume()
  }

  /** The client will say no more; what it said is answered first, unless that takes long. */
  readonly #onInputEnd = (): void => {
    this.#hasInputEnded = true
    if (this.#state.kind === 'Closing') return
    if (this.#isWaiting) this.#closeAfter(this.#host.limits.disconnectGraceMs)
    else this.#process()
  }

  #closeAfter(milliseconds: number): void {
    clearTimeout(this.#closeTimer)
    this.#closeTimer = setTimeout(() => {
      this.#socket.destroy()
    }, milliseconds)
  }

  #onLoginTimeout(): void {
    this.#host.logger.info({ remoteAddress: this.#remoteAddress }, 'login timed out')
    // Without a start-up packet nobody is there to read an answer (PostgreSQL says nothing either).
    if (this.#state.kind === 'AwaitingStartup') this.#socket.destroy()
    else this.#fatal(loginTimedOut())
  }

  /** The last word to the client. Before the login is complete every error is FATAL. */
  #fatal(error: unknown): void {
    if (this.#state.kind === 'Closing') return
    const { logger, writer } = this.#host
    const answer = errorAnswer(error, { logger, severity: 'FATAL' })
    this.#outbox.append(encodeErrorResponse(writer, answer))
    this.#close()
  }

  /** Sends what is left and ends; a client that does not read is not waited for. */
  #close(): void {
    if (this.#state.kind === 'Closing') return
    this.#leave()
    this.#outbox.flush()
    this.#socket.end()
    // Unread input would make the kernel reset the connection, and the last answer be lost.
    this.#socket.resume()
    this.#closeAfter(lingerMs)
  }

  readonly #onClose = (): void => {
    this.#leave()
    clearTimeout(this.#closeTimer)
    this.#host.release(this, this.#key)
  }

  /** The session ends: whatever runs is cancelled and rolled back. */
  #leave(): void {
    clearTimeout(this.#loginTimer)
    const state = this.#state
    this.#state = { kind: 'Closing' }
    this.#frames.clear()
    if (state.kind !== 'Ready') return
    if (this.#isWaiting) state.handler.cancel()
    this.#ending = this.#endSession(state.handler)
  }

  async #endSession(handler: SessionHandler): Promise<void> {
    try {
      await handler.end()
    } catch (error) {
      this.#host.logger.error({ error: driverMessage(error) }, 'a session did not end cleanly')
    }
  }
}

type Accepted = Extract<LoginOutcome, { kind: 'Accepted' }>

/** The length itself and a version or request code. */
const startupPacketBytesMin = 8

/** How long the last answer may take to be read. */
const lingerMs = 2000
