import { randomBytes } from 'node:crypto'
import type { CopyImport } from '../../acl/server-relation.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { ImportJobOptions } from './import-job.ts'
import { ImportJob } from './import-job.ts'

/** Imports that run at once, and those that are remembered (our numbers, R8). */
const runningMax = 8
const rememberedMax = 1000

/** The imports of a running server. */
export class Imports {
  /** Below which files are read. */
  readonly root: string
  readonly #jobs = new Map<string, ImportJob>()
  readonly #running = new Map<ImportJob, Promise<void>>()
  #isStopped = false

  constructor(root: string) {
    this.root = root
  }

  /** @throws SqlError 53400 when too many run; then nothing was started */
  start(options: Omit<ImportJobOptions, 'id'>): string {
    if (this.#isStopped || this.#running.size >= runningMax) throw tooManyImports()
    const id = randomBytes(8).toString('hex')
    const job = new ImportJob({ ...options, id })
    this.#remember(job)
    const ended = job.run().finally(() => this.#running.delete(job))
    this.#running.set(job, ended)
    return id
  }

  /** In the order of their starts. */
  list(): readonly CopyImport[] {
    return [...this.#jobs.values()]
  }

  find(id: string): ImportJob | undefined {
    return this.#jobs.get(id)
  }

  /** Ends what runs: an import that the server does not see to its end leaves nothing. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const job of this.#running.keys()) job.cancel()
    await Promise.all(this.#running.values())
  }

  #remember(job: ImportJob): void {
    this.#jobs.set(job.id, job)
    for (const [id, { status }] of this.#jobs) {
      if (this.#jobs.size <= rememberedMax) return
      if (status !== 'started') this.#jobs.delete(id)
    }
  }
}

function tooManyImports(): SqlError {
  return new SqlError(
    SqlState.ConfigurationLimitExceeded,
    `no more than ${runningMax} imports may run at once`,
    { hint: 'Try again when one of copy_log() has ended.' },
  )
}
