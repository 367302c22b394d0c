import type { Logger as PinoLogger } from 'pino'
import { pino } from 'pino'

/** What the server's parts log through. Statements reach it redacted only (rule S16). */
export type Logger = Pick<PinoLogger, 'info' | 'warn' | 'error' | 'fatal' | 'debug'>

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug'

/** JSON lines on standard error; standard output is for the ready line alone. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: false }))
}
