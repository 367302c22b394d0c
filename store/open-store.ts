import { invariant } from '../errors/invariant.ts'
import { openDataDirectory } from './data-directory.ts'
import type { DataDirectory } from './data-directory.ts'
import { translateFailure } from './engine-error.ts'
import { EngineHost, engineWasRestarted } from './engine-host.ts'
import type { EngineLink } from './engine-link.ts'
import { EngineStoreSession } from './engine-store-session.ts'
import type { CopiedRows, EngineRequest } from './protocol/request.ts'
import type { EngineAnswer } from './protocol/response.ts'
import { SqlError } from '../errors/sql-error.ts'
import { PartitionFiles } from './partition-files.ts'
import { residentBytes } from './resident-memory.ts'
import { withDefaults } from './store-options.ts'
import type { StoreConfiguration, StoreOptions } from './store-options.ts'
import type { Store, StoreCopy, StoreSession } from './store.ts'

/**
 * Opens the tables: starts the engine process and waits until it serves.
 * @throws with the reason in plain words for the operator: the file is in use, the engine is another version
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const configuration = withDefaults(options)
  const directory = openDataDirectory(configuration.directory)
  const host = new EngineHost(configuration, directory)
  try {
    await host.start()
  } catch (error) {
    directory.release()
    throw error
  }
  return new EngineStore(host, configuration, directory)
}

/** Tables in an embedded DuckDB that runs in a process of its own. */
class EngineStore implements Store {
  readonly #host: EngineHost
  readonly #configuration: StoreConfiguration
  readonly #directory: DataDirectory
  readonly files: PartitionFiles
  #lastSession = 0

  constructor(host: EngineHost, configuration: StoreConfiguration, directory: DataDirectory) {
    this.#host = host
    this.#configuration = configuration
    this.#directory = directory
    this.files = new PartitionFiles(directory.filesDirectory)
  }

  connect(): StoreSession {
    this.#lastSession = (this.#lastSession % 0xffff_ffff) + 1
    return new EngineStoreSession(this.#host, this.#configuration, this.#lastSession)
  }

  async hasCommitted(transactionNumber: number): Promise<boolean> {
    const answer = await this.#ask((call) => ({ kind: 'HasCommitted', call, transactionNumber }))
    invariant(answer.kind === 'Committed', 'HasCommitted is answered')
    return answer.hasCommitted
  }

  async forgetCommitsBelow(transactionNumber: number): Promise<void> {
    await this.#ask((call) => ({ kind: 'ForgetCommits', call, transactionNumber }))
  }

  async tables(): Promise<readonly number[]> {
    const answer = await this.#ask((call) => ({ kind: 'Tables', call }))
    invariant(answer.kind === 'Tables', 'Tables is answered with what there is')
    return answer.oids
  }

  async checkpoint(): Promise<void> {
    await this.#ask((call) => ({ kind: 'Checkpoint', call }))
  }

  async sweep(oids: ReadonlySet<number>): Promise<readonly number[]> {
    const answer = await this.#ask((call) => ({ kind: 'Sweep', call, oids: [...oids] }))
    invariant(answer.kind === 'Swept', 'Sweep is answered with what it dropped')
    return answer.oids
  }

  residentBytes(): number | undefined {
    const processId = this.#host.link?.process.pid
    return processId === undefined ? undefined : residentBytes(processId)
  }

  setStatementTimeout(ms: number | undefined): void {
    // All sessions look here when a statement starts.
    this.#configuration.statementTimeoutMs = ms
  }

  async beginCopy(file: string): Promise<StoreCopy> {
    const link = await this.#host.ready()
    try {
      await this.#askOf(link, (call) => ({ kind: 'BeginCopy', call, file }))
    } catch (error) {
      await this.#endCopy(link)
      throw error
    }
    return {
      write: async (oids) => {
        const answer = await this.#askOf(link, (call) => ({
          kind: 'WriteCopy',
          call,
          ...(oids === undefined ? {} : { oids }),
        }))
        invariant(answer.kind === 'Tables', 'WriteCopy is answered with what it copied')
        return answer.oids
      },
      cancel: () => {
        if (link === this.#host.link) link.send({ kind: 'CancelCopy' })
      },
      close: () => this.#endCopy(link),
    }
  }

  async takeRows(rows: CopiedRows): Promise<void> {
    await this.#ask((call) => ({ kind: 'TakeRows', call, rows }))
  }

  async close(): Promise<void> {
    await this.#host.close()
    this.#directory.release()
  }

  /** With its process a copy has ended anyway. */
  async #endCopy(link: EngineLink): Promise<void> {
    if (link !== this.#host.link) return
    await this.#askOf(link, (call) => ({ kind: 'EndCopy', call })).catch((error: unknown) => {
      if (link === this.#host.link) throw error
    })
  }

  async #ask(request: (call: number) => EngineRequest): Promise<EngineAnswer> {
    return await this.#askOf(await this.#host.ready(), request)
  }

  async #askOf(link: EngineLink, request: (call: number) => EngineRequest): Promise<EngineAnswer> {
    if (link !== this.#host.link) throw engineWasRestarted()
    return await new Promise((resolve, reject) => {
      const unexpected = (): void => reject(new Error('this call has no rows'))
      link.call(request, {
        rows: unexpected,
        complete: unexpected,
        suspended: unexpected,
        answer: resolve,
        fail: (failure) => {
          const { onEvent } = this.#configuration
          reject(
            failure instanceof SqlError ? failure : translateFailure(failure, undefined, onEvent),
          )
        },
      })
    })
  }
}
