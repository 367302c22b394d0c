import type { Notice } from '../../errors/notice.ts'
import { encodeCommandComplete } from './messages/command-complete.ts'
import { emptyQueryResponse } from './messages/empty-query-response.ts'
import type { MessageWriter } from './messages/message-writer.ts'
import { encodeNoticeResponse } from './messages/notice-response.ts'
import { encodeParameterStatus } from './messages/parameter-status.ts'
import { portalSuspended } from './messages/portal-suspended.ts'
import { encodeRowDescription } from './messages/row-description.ts'
import type { Outbox } from './outbox.ts'
import type { ColumnDescription, ResultSink } from './session-handler.ts'

/** Encodes a running statement's answers into the connection's outbox, in order. */
export class ResultWriter implements ResultSink {
  readonly #outbox: Outbox
  readonly #writer: MessageWriter

  constructor(outbox: Outbox, writer: MessageWriter) {
    this.#outbox = outbox
    this.#writer = writer
  }

  rowDescription(columns: readonly ColumnDescription[]): void {
    const message = { kind: 'RowDescription', columns, formats: [] } as const
    this.#outbox.append(encodeRowDescription(this.#writer, message))
  }

  rows(messages: Buffer, _rowCount: number): void | Promise<void> {
    this.#outbox.append(messages)
    return this.#outbox.backPressure()
  }

  commandComplete(tag: string): void {
    this.#outbox.append(encodeCommandComplete(this.#writer, tag))
  }

  emptyQuery(): void {
    this.#outbox.append(emptyQueryResponse)
  }

  portalSuspended(): void {
    this.#outbox.append(portalSuspended)
  }

  notice(notice: Notice): void {
    this.#outbox.append(encodeNoticeResponse(this.#writer, notice))
  }

  parameterStatus(name: string, value: string): void {
    const message = { kind: 'ParameterStatus', name, value } as const
    this.#outbox.append(encodeParameterStatus(this.#writer, message))
  }
}
