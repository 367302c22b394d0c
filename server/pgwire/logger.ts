/** The part of a pino logger that the wire uses. Fields never hold SQL text, passwords or values. */
export interface WireLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
