import { randomBytes, timingSafeEqual } from 'node:crypto'

/** What BackendKeyData tells the client, and CancelRequest must repeat. */
export interface CancelKey {
  readonly processId: number
  readonly secretKey: number
}

/** Sessions by process id, and the secret that lets somebody cancel what one of them runs. */
export class CancelRegistry {
  readonly #entries = new Map<number, { readonly secret: Buffer; readonly cancel: () => void }>()
  #lastProcessId = 0

  /** A process id that no session has, and a secret key; in force until `remove`. */
  add(cancel: () => void): CancelKey {
    const processId = this.#nextProcessId()
    const secret = randomBytes(secretBytes)
    this.#entries.set(processId, { secret, cancel })
    return { processId, secretKey: secret.readInt32BE() }
  }

  remove(processId: number): void {
    this.#entries.delete(processId)
  }

  /** Cancels if the key is right. Says nothing otherwise, and takes the same time. */
  cancel(key: CancelKey): void {
    const entry = this.#entries.get(key.processId)
    const given = Buffer.alloc(secretBytes)
    given.writeInt32BE(key.secretKey)
    const isRight = timingSafeEqual(given, entry?.secret ?? noSecret)
    if (entry !== undefined && isRight) entry.cancel()
  }

  #nextProcessId(): number {
    do {
      this.#lastProcessId = (this.#lastProcessId % processIdMax) + 1
    } while (this.#entries.has(this.#lastProcessId))
    return this.#lastProcessId
  }
}

const secretBytes = 4
const noSecret = Buffer.alloc(secretBytes)

/** Process ids are 32-bit integers with a sign on the wire. */
const processIdMax = 0x7f_ff_ff_ff
