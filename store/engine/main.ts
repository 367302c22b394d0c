/**
 * The engine process. The server starts it with one end of a socket pair as file descriptor 3 and
 * tells it everything in frames; it ends when that socket does.
 */
import { writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { FrameSocket } from '../protocol/frame-socket.ts'
import { decodeRequest } from '../protocol/request.ts'
import { EngineServer } from './engine-server.ts'

const channelDescriptor = 3

volunteerForOutOfMemory()
// A signal for the whole group (Ctrl-C, a service manager) is the server's to act upon.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)

const socket = new Socket({ fd: channelDescriptor, readable: true, writable: true })
const server = new EngineServer((frame) => channel.send(frame))
const channel = new FrameSocket(socket, (frame) => server.handle(decodeRequest(frame)))
// Without the server there is nobody to serve. SIGKILL, since running engine threads can hold up an
// orderly exit for minutes; what was acknowledged is in the write-ahead log (section 6.5).
socket.on('close', end)
socket.on('error', end)

function end(): void {
  if (server.isShutDown) process.exit(0)
  process.kill(process.pid, 'SIGKILL')
}

/** When memory runs out the kernel should end this process, not the server or a stranger. */
function volunteerForOutOfMemory(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '800')
  } catch {
    // Not Linux, or forbidden: the watchdog's own ceiling remains.
  }
}
