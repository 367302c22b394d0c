import { once } from 'node:events'
import { connect } from 'node:net'
import { serialize } from 'pg-protocol'

/** CancelRequest on a connection of its own; the server closes it without an answer. */
export async function cancel(port: number, processId: number, secretKey: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.resume()
  socket.write(serialize.cancel(processId, secretKey))
  await once(socket, 'close')
}
