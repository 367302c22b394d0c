import type { SqlError } from '../errors/sql-error.ts'
import { rowsHeaderBytes } from './protocol/response.ts'
import type { EngineFailure } from './protocol/response.ts'
import type { PendingCall } from './engine-link.ts'
import type { FetchOutcome, RowSink } from './store.ts'

export interface FetchEvents {
  /** Bytes that the client has taken. */
  consumed(bytes: number): void
  /** The client cannot take more: the statement has no purpose any longer. */
  abandoned(): void
  ended(): void
  settled(outcome: FetchOutcome): void
  failed(error: unknown): void
  translate(failure: EngineFailure | SqlError): SqlError
}

/** A running fetch: forwards rows to the sink one message at a time, and its end after the last of them. */
export class FetchCall implements PendingCall {
  readonly #sink: RowSink
  readonly #events: FetchEvents
  /** Set while a sink holds rows back: what follows waits behind it. */
  #delivery: Promise<void> | undefined
  #sinkError: { readonly error: unknown } | undefined

  constructor(sink: RowSink, events: FetchEvents) {
    this.#sink = sink
    this.#events = events
  }

  rows(messages: Buffer, rowCount: number): void {
    const bytes = messages.length + rowsHeaderBytes
    if (this.#delivery === undefined) {
      const pending = this.#deliver(messages, rowCount)
      if (pending === undefined) this.#events.consumed(bytes)
      else this.#wait(pending, bytes)
      return
    }
    this.#wait(
      this.#delivery.then(() => this.#deliver(messages, rowCount)),
      bytes,
    )
  }

  complete(rowCount: number): void {
    this.#finish(() => this.#events.settled({ kind: 'Complete', rowCount }))
  }

  suspended(rowCount: number): void {
    this.#finish(() => this.#events.settled({ kind: 'Suspended', rowCount }))
  }

  answer(): void {
    this.#finish(() => this.#events.failed(new Error('a fetch is not answered')))
  }

  fail(failure: EngineFailure | SqlError): void {
    const error = this.#events.translate(failure)
    this.#finish(() => this.#events.failed(error))
  }

  #deliver(messages: Buffer, rowCount: number): Promise<void> | undefined {
    if (this.#sinkError !== undefined) return undefined
    try {
      return this.#sink.rows(messages, rowCount) ?? undefined
    } catch (error) {
      this.#abandon(error)
      return undefined
    }
  }

  #wait(pending: Promise<void>, bytes: number): void {
    const delivery = this.#afterDelivery(pending, bytes).then(() => {
      if (this.#delivery === delivery) this.#delivery = undefined
      return undefined
    })
    this.#delivery = delivery
  }

  async #afterDelivery(pending: Promise<void>, bytes: number): Promise<void> {
    try {
      await pending
    } catch (error) {
      this.#abandon(error)
    }
    this.#events.consumed(bytes)
  }

  #abandon(error: unknown): void {
    if (this.#sinkError !== undefined) return
    this.#sinkError = { error }
    this.#events.abandoned()
  }

  #finish(end: () => void): void {
    this.#events.ended()
    const finish = (): void => {
      if (this.#sinkError === undefined) end()
      else this.#events.failed(this.#sinkError.error)
    }
    if (this.#delivery === undefined) finish()
    else void this.#delivery.then(finish)
  }
}
