import type { RawClient } from '../server/pgwire/raw-client.ts'
import { sentBytes } from './sent-bytes.ts'
import type { Step } from './transcript.ts'

/** The transcript as this server answers it, on a client that is logged in. */
export async function runTranscript(
  steps: readonly Step[],
  client: RawClient,
  server: 'grantd' | 'postgres',
): Promise<readonly Step[]> {
  const answered: Step[] = []
  for (const step of steps) {
    if (step.kind === 'Send') client.write(...step.lines.map(sentBytes))
    const isAnswered = step.kind === 'Receive' && (step.server === 'both' || step.server === server)
    answered.push(isAnswered ? { ...step, lines: await receive(client, step.lines) } : step)
  }
  return answered
}

/** Reads on until what ends the expected lines has come as often as it is expected. */
async function receive(client: RawClient, expected: readonly string[]): Promise<readonly string[]> {
  const last = nameOf(expected.at(-1) ?? 'closed')
  let missing = expected.filter((line) => nameOf(line) === last).length
  const lines: string[] = []
  while (missing > 0) {
    const line = (await client.read()) ?? 'closed'
    lines.push(line)
    if (line === 'closed') break
    if (nameOf(line) === last) missing--
  }
  return lines
}

function nameOf(line: string): string {
  return line.split(' ', 1).join('')
}
