import { once } from 'node:events'
import { connect } from 'node:net'
import { FrameReader } from '../../server/pgwire/frame-reader.ts'
import type { Grantd } from '../e2e/grantd.ts'
import { encodeFrontend, encodeStartup } from '../server/pgwire/encode-frontend.ts'

interface Login {
  readonly user: string
  readonly password: string
}

const type = { authentication: 'R', dataRow: 'D', errorResponse: 'E', readyForQuery: 'Z' } as const

/**
 * The fields of the first row of a query, asked for in binary: the bytes as the server sent them, which
 * node-postgres would read as UTF-8.
 * @throws Error with the server's words when there is no row
 */
export async function binaryResult(
  grantd: Pick<Grantd, 'port'>,
  login: Login,
  sql: string,
): Promise<readonly (Buffer | null)[]> {
  const socket = connect({ host: '127.0.0.1', port: grantd.port })
  const frames = new FrameReader()
  socket.on('data', (chunk: Buffer) => {
    frames.push(chunk)
  })
  const settings = [['user', login.user]] as const
  socket.write(encodeStartup({ kind: 'StartupMessage', major: 3, minor: 0, settings }))
  let isAsked = false
  for (;;) {
    const head = frames.head()
    const body = head === undefined ? undefined : frames.takeBody(head)
    if (head === undefined || body === undefined) {
      await once(socket, 'data')
      continue
    }
    const letter = String.fromCharCode(head.type)
    if (letter === type.authentication && body.readInt32BE(0) === 3) {
      socket.write(encodeFrontend({ kind: 'PasswordMessage', password: login.password }))
    } else if (letter === type.readyForQuery && !isAsked) {
      isAsked = true
      socket.write(Buffer.concat(inBinary(sql)))
    } else if (letter === type.dataRow || letter === type.errorResponse) {
      socket.destroy()
      if (letter === type.dataRow) return fieldsOf(body)
      throw new Error(body.toString('utf8').replaceAll('\0', ' '))
    }
  }
}

function inBinary(sql: string): Buffer[] {
  return [
    encodeFrontend({ kind: 'Parse', name: '', text: sql, parameterTypes: [] }),
    encodeFrontend({
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: ['binary'],
    }),
    encodeFrontend({ kind: 'Execute', portal: '', rowsMax: 0 }),
    encodeFrontend({ kind: 'Sync' }),
  ]
}

/** Protocol page "DataRow": a count, then each field as length and bytes, length -1 for NULL. */
function fieldsOf(body: Buffer): readonly (Buffer | null)[] {
  let at = 2
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return Buffer.from(body.subarray(at - length, at))
  })
}
