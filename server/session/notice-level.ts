import type { Notice } from '../../errors/notice.ts'

/** What client_min_messages takes, the most talkative first. */
export const messageLevels = [
  'debug5', 'debug4', 'debug3', 'debug2', 'debug1',
  'log', 'notice', 'warning', 'error',
] as const // prettier-ignore

function rank(level: string): number {
  return messageLevels.findIndex((name) => name === level)
}

/** Whether a notice of this severity is sent to a client that wants `least` or worse. */
export function reachesClient(severity: Notice['severity'], least: string): boolean {
  return rank(severity.toLowerCase()) >= rank(least)
}
