export interface GateOutcome {
  /** What jest wrote with --json; undefined if it wrote nothing. */
  readonly report: unknown
  readonly exitCode: number
  readonly checksPassed: number
  readonly checksFailed: number
}

export interface Summary {
  readonly passed: number
  readonly failed: number
}

/**
 * Counts checks and tests. A suite that could not run has no tests that failed, and a jest that crashed has
 * no report: each counts as one failure, so that 0 failed means that all is well.
 */
export function summarize(outcome: GateOutcome): Summary {
  const passed = outcome.checksPassed + countOf(outcome.report, 'numPassedTests')
  const failed =
    outcome.checksFailed +
    countOf(outcome.report, 'numFailedTests') +
    countOf(outcome.report, 'numRuntimeErrorTestSuites')
  const jestFailed = outcome.exitCode !== 0 || typeof outcome.report !== 'object'
  return { passed, failed: failed === 0 && jestFailed ? 1 : failed }
}

function countOf(report: unknown, name: string): number {
  if (typeof report !== 'object' || report === null) return 0
  const count: unknown = Object.entries(report).find(([key]) => key === name)?.[1]
  return typeof count === 'number' ? count : 0
}
