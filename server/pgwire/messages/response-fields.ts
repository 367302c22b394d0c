import type { MessageWriter } from './message-writer.ts'

/** Fields of ErrorResponse and NoticeResponse by code; one that is absent is left out. */
export type ResponseFields = Readonly<Record<string, string | undefined>>

/** Each field: its code, its text; a zero byte ends the list. */
export function addFields(writer: MessageWriter, fields: ResponseFields): void {
  for (const [code, text] of Object.entries(fields)) {
    if (text !== undefined) writer.byte(code.charCodeAt(0)).cstring(text)
  }
  writer.byte(0)
}
