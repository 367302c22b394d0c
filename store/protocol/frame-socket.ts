import type { Socket } from 'node:net'
import { FrameSplitter } from './frame.ts'

/**
 * Sends and receives frames over a stream socket. All frames of one turn of the event loop leave in
 * one write (performance.md, section 4, "A second process for the engine").
 */
export class FrameSocket {
  readonly #socket: Socket
  #outgoing: Buffer[] = []
  #isScheduled = false

  constructor(socket: Socket, onFrame: (frame: Buffer) => void) {
    this.#socket = socket
    const splitter = new FrameSplitter()
    socket.on('data', (chunk: Buffer) => splitter.push(chunk, onFrame))
  }

  send(frame: Buffer): void {
    this.#outgoing.push(frame)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#isScheduled = false
    if (this.#outgoing.length === 0 || !this.#socket.writable) return
    const frames = this.#outgoing
    this.#outgoing = []
    this.#socket.cork()
    for (const frame of frames) this.#socket.write(frame)
    this.#socket.uncork()
  }
}
