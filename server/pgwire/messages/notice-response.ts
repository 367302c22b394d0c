import type { Notice } from '../../../errors/notice.ts'
import { MessageType, type MessageWriter } from './message-writer.ts'
import { addFields } from './response-fields.ts'

/** NoticeResponse: something worth telling that is not an error. */
export function encodeNoticeResponse(writer: MessageWriter, notice: Notice): Buffer {
  addFields(writer, {
    S: notice.severity,
    V: notice.severity,
    C: notice.sqlState,
    M: notice.message,
    H: notice.hint,
  })
  return writer.finish(MessageType.NoticeResponse)
}
