import { invariant } from '../errors/invariant.ts'
import { openDataDirectory } from './data-directory.ts'
import type { DataDirectory } from './data-directory.ts'
import { translateFailure } from './engine-error.ts'
import { EngineHost } from './engine-host.ts'
import { EngineStoreSession } from './engine-store-session.ts'
import type { EngineRequest } from './protocol/request.ts'
import type { EngineAnswer } from './protocol/response.ts'
import { SqlError } from '../errors/sql-error.ts'
import { residentBytes } from './resident-memory.ts'
import { withDefaults } from './store-options.ts'
import type { StoreConfiguration, StoreOptions } from './store-options.ts'
import type { Store, StoreSession } from './store.ts'

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
  #lastSession = 0

  constructor(host: EngineHost, configuration: StoreConfiguration, directory: DataDirectory) {
    this.#host = host
    this.#configuration = configuration
    this.#directory = directory
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

  async close(): Promise<void> {
    await this.#host.close()
    this.#directory.release()
  }

  async #ask(request: (call: number) => EngineRequest): Promise<EngineAnswer> {
    const link = this.#host.link ?? (await this.#host.ready())
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
