/** One block of a transcript. `reason`: why grantd differs from PostgreSQL here. */
export type Step =
  | { readonly kind: 'Comment'; readonly lines: readonly string[] }
  | { readonly kind: 'Send'; readonly lines: readonly string[] }
  | {
      readonly kind: 'Receive'
      readonly server: 'both' | 'grantd' | 'postgres'
      readonly reason?: string
      readonly lines: readonly string[]
    }

export function parseTranscript(text: string): readonly Step[] {
  const blocks = text.split(/\n\s*\n/).map((block) => block.trim())
  return blocks.filter((block) => block !== '').map(parseBlock)
}

function parseBlock(block: string): Step {
  const [head = '', ...lines] = block.split('\n')
  if (head.startsWith('#')) return { kind: 'Comment', lines: [head, ...lines] }
  if (head === 'send') return { kind: 'Send', lines }
  if (head === 'receive') return { kind: 'Receive', server: 'both', lines }
  if (head === 'receive postgres') return { kind: 'Receive', server: 'postgres', lines }
  const reason = /^receive grantd: (.+)$/.exec(head)?.[1]
  if (reason !== undefined) return { kind: 'Receive', server: 'grantd', reason, lines }
  throw new Error(`a block begins with send or receive, not: ${head}`)
}

export function printTranscript(steps: readonly Step[]): string {
  return `${steps.map(printStep).join('\n\n')}\n`
}

function printStep(step: Step): string {
  if (step.kind === 'Comment') return step.lines.join('\n')
  return [headOf(step), ...step.lines].join('\n')
}

function headOf(step: Exclude<Step, { kind: 'Comment' }>): string {
  if (step.kind === 'Send') return 'send'
  if (step.reason !== undefined) return `receive grantd: ${step.reason}`
  return step.server === 'both' ? 'receive' : `receive ${step.server}`
}
