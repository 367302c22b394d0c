import type { Logger as PinoLogger } from 'pino'
import { pino } from 'pino'

/** What the server's parts log through. Statements reach it redacted only (rule S16). */
export type Logger = Pick<PinoLogger, 'info' | 'warn' | 'error' | 'fatal' | 'debug'>

/** The server's own, whose level can be changed while it runs. */
export type LeveledLogger = Logger & Pick<PinoLogger, 'level'>

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug'

/** JSON lines on standard error; standard output is for the ready line alone. */
export function createLogger(level: LogLevel): LeveledLogger {
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: false }))
}
