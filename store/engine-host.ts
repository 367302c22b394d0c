import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { DataDirectory } from './data-directory.ts'
import { EngineLink } from './engine-link.ts'
import type { BootSettings } from './protocol/request.ts'
import { residentBytes } from './resident-memory.ts'
import { spawnEngine } from './spawn-engine.ts'
import type { StoreConfiguration } from './store-options.ts'

const memoryPollMs = 50
const restartDelayMaxMs = 5000
const shutdownTimeoutMs = 30_000

/**
 * Keeps an engine process alive: starts it, ends it when it takes too much memory or is told to, and
 * starts the next one at once (architecture.md, "The life of a statement", 6).
 */
export class EngineHost {
  readonly #configuration: StoreConfiguration
  readonly #directory: DataDirectory
  #link: EngineLink | undefined
  #starting: Promise<EngineLink> | undefined
  #failedStarts = 0
  #isClosing = false
  #endReason = 'exited'

  constructor(configuration: StoreConfiguration, directory: DataDirectory) {
    this.#configuration = configuration
    this.#directory = directory
  }

  /** The running engine, if it is running now. */
  get link(): EngineLink | undefined {
    return this.#link
  }

  /**
   * The running engine, or the one that is being started.
   * @throws SqlError 57P03 when it does not start
   */
  async ready(): Promise<EngineLink> {
    if (this.#link !== undefined) return this.#link
    if (this.#isClosing) throw storeIsClosed()
    try {
      return await this.start()
    } catch (error) {
      throw engineDoesNotStart(error)
    }
  }

  /** @throws with the reason in the engine's words: for the log of whoever opens the store */
  start(): Promise<EngineLink> {
    if (this.#link !== undefined) return Promise.resolve(this.#link)
    this.#starting ??= this.#startProcess().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  /** Ends this life of the engine; the next one is started at once. */
  kill(link: EngineLink, reason: string): void {
    if (link !== this.#link) return
    this.#endReason = reason
    link.kill()
  }

  /** Writes everything into the data file and ends the process. */
  async close(): Promise<void> {
    this.#isClosing = true
    const link = this.#link ?? (await this.#starting?.catch(() => undefined))
    if (link === undefined) return
    const exited = new Promise<void>((resolve) => link.process.once('exit', () => resolve()))
    const timer = setTimeout(() => link.kill(), shutdownTimeoutMs)
    this.#endReason = 'closed'
    await requestShutdown(link)
    link.close()
    await exited
    clearTimeout(timer)
  }

  #startProcess(): Promise<EngineLink> {
    return new Promise((resolve, reject) => {
      const child = spawnEngine(this.#configuration.statementSlots)
      let failure = 'the process ended before it was ready'
      const link = new EngineLink(child, {
        booted: () => {
          this.#begin(link)
          resolve(link)
        },
        garbled: (reason) => {
          this.#endReason = `broke the protocol: ${reason}`
        },
        bootFailed: (reason) => {
          failure = reason
          link.kill()
        },
      })
      child.on('error', (error) => {
        failure = error.message
      })
      child.stderr?.on('data', (text: Buffer) => {
        this.#configuration.onEvent({ kind: 'EngineOutput', text: text.toString('utf8') })
      })
      child.once('close', () => {
        if (this.#link === link) this.#end(link)
        else {
          this.#configuration.onEvent({ kind: 'EngineStartFailed', reason: failure })
          reject(new Error(failure))
        }
      })
      link.send({ kind: 'Boot', settings: this.#bootSettings() })
    })
  }

  #begin(link: EngineLink): void {
    this.#failedStarts = 0
    this.#link = link
    this.#configuration.onEvent({ kind: 'EngineStarted', processId: link.process.pid ?? 0 })
    this.#watchMemory(link)
  }

  #end(link: EngineLink): void {
    this.#link = undefined
    this.#configuration.onEvent({
      kind: 'EngineEnded',
      processId: link.process.pid ?? 0,
      reason: this.#endReason,
    })
    this.#endReason = 'exited'
    if (!this.#isClosing) this.#restart()
    link.failAll(engineWasRestarted)
  }

  #restart(): void {
    this.start().catch(() => {
      this.#failedStarts++
      const delay = Math.min(restartDelayMaxMs, 100 * 2 ** this.#failedStarts)
      const timer = setTimeout(() => {
        if (!this.#isClosing) this.#restart()
      }, delay)
      timer.unref()
    })
  }

  /** The engine's own limit does not hold for everything (duckdb-hardening.md, section 5.2). */
  #watchMemory(link: EngineLink): void {
    const timer = setInterval(() => {
      if (link !== this.#link) clearInterval(timer)
      else if (link.hasPendingCalls) this.#checkMemory(link)
    }, memoryPollMs)
    timer.unref()
  }

  #checkMemory(link: EngineLink): void {
    const bytes = residentBytes(link.process.pid ?? 0)
    if (bytes !== undefined && bytes > this.#configuration.residentBytesMax) {
      this.kill(link, 'used too much memory')
    }
  }

  #bootSettings(): BootSettings {
    const { databaseFile, spillDirectory, emptyDirectory, filesDirectory } = this.#directory
    const given = this.#configuration
    return {
      databaseFile,
      spillDirectory,
      emptyDirectory,
      fileDirectories: [filesDirectory, ...given.copyDirectories],
      databaseAlias: given.databaseAlias,
      memoryLimitBytes: given.memoryLimitBytes,
      spillBytesMax: given.spillBytesMax,
      threads: given.threads,
      statementSlots: given.statementSlots,
      statementQueueMax: given.statementQueueMax,
      statementQueueTimeoutMs: given.statementQueueTimeoutMs,
      creditBytes: given.creditBytes,
    }
  }
}

function requestShutdown(link: EngineLink): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve()
    link.call((call) => ({ kind: 'Shutdown', call }), {
      rows: done,
      complete: done,
      suspended: done,
      answer: done,
      fail: done,
    })
  })
}

export function engineWasRestarted(): SqlError {
  return new SqlError(
    SqlState.CrashShutdown,
    'the table engine ended unexpectedly and was started again',
    { hint: 'The statement did not finish; what was committed before it is safe.' },
  )
}

function engineDoesNotStart(cause: unknown): SqlError {
  return new SqlError(SqlState.CannotConnectNow, 'the table engine is not running', { cause })
}

function storeIsClosed(): SqlError {
  return new SqlError(SqlState.AdminShutdown, 'the store is closed')
}
