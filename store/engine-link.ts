import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { driverMessage } from '../errors/driver-code.ts'
import { invariant } from '../errors/invariant.ts'
import type { SqlError } from '../errors/sql-error.ts'
import { unreachable } from '../errors/unreachable.ts'
import { FrameSocket } from './protocol/frame-socket.ts'
import { ProgramNumbers } from './program-numbers.ts'
import { encodeRequest } from './protocol/request.ts'
import type { EngineRequest } from './protocol/request.ts'
import { decodeResponse } from './protocol/response.ts'
import type { EngineAnswer, EngineFailure, EngineResponse } from './protocol/response.ts'

/** What is to be told about a call that was sent. Every call ends in exactly one of the last four. */
export interface PendingCall {
  rows(messages: Buffer, rowCount: number): void
  complete(rowCount: number): void
  suspended(rowCount: number): void
  answer(answer: EngineAnswer): void
  /** `failure` from the engine, or our own error when the process is gone. */
  fail(failure: EngineFailure | SqlError): void
}

export interface LinkEvents {
  booted(): void
  bootFailed(reason: string): void
  /** A frame that makes no sense; the process is being ended. */
  garbled(reason: string): void
}

/** One life of the engine process: the frames to and from it, and the calls that wait for an answer. */
export class EngineLink {
  readonly process: ChildProcess
  readonly #events: LinkEvents
  readonly #socket: Socket
  readonly #channel: FrameSocket
  readonly #pending = new Map<number, PendingCall>()
  readonly programs = new ProgramNumbers((request) => this.send(request))
  #lastCall = 0

  constructor(process: ChildProcess, events: LinkEvents) {
    const socket = process.stdio[3]
    invariant(socket instanceof Socket, 'the engine process has a socket to the server')
    this.process = process
    this.#events = events
    this.#socket = socket
    this.#channel = new FrameSocket(socket, (frame) => this.#receiveFrame(frame))
    // The exit of the process tells what a broken socket means.
    socket.on('error', () => undefined)
  }

  get hasPendingCalls(): boolean {
    return this.#pending.size > 0
  }

  send(request: EngineRequest): void {
    this.#channel.send(encodeRequest(request))
  }

  /** Sends a request that is answered; gives its call number. */
  call(makeRequest: (call: number) => EngineRequest, pending: PendingCall): number {
    this.#lastCall = (this.#lastCall % 0xffff_ffff) + 1
    this.#pending.set(this.#lastCall, pending)
    this.send(makeRequest(this.#lastCall))
    return this.#lastCall
  }

  isPending(call: number): boolean {
    return this.#pending.has(call)
  }

  /** Ends all waiting calls: the process is gone. */
  failAll(makeError: () => SqlError): void {
    const calls = [...this.#pending.values()]
    this.#pending.clear()
    for (const call of calls) call.fail(makeError())
  }

  kill(): void {
    this.process.kill('SIGKILL')
  }

  close(): void {
    this.#socket.destroy()
  }

  /** A process that does not keep the protocol is ended; the server must not end with it. */
  #receiveFrame(frame: Buffer): void {
    try {
      this.#receive(decodeResponse(frame))
    } catch (error) {
      this.#events.garbled(driverMessage(error))
      this.kill()
    }
  }

  #receive(response: EngineResponse): void {
    switch (response.kind) {
      case 'Booted':
        this.#events.booted()
        return
      case 'BootFailed':
        this.#events.bootFailed(response.reason)
        return
      case 'Rows':
        this.#pending.get(response.call)?.rows(response.messages, response.rowCount)
        return
      case 'Complete':
        this.#take(response.call)?.complete(response.rowCount)
        return
      case 'Suspended':
        this.#take(response.call)?.suspended(response.rowCount)
        return
      case 'Answer':
        this.#take(response.call)?.answer(response.answer)
        return
      case 'Failed':
        this.#take(response.call)?.fail(response.failure)
        return
      default:
        unreachable(response)
    }
  }

  #take(call: number): PendingCall | undefined {
    const pending = this.#pending.get(call)
    this.#pending.delete(call)
    return pending
  }
}
