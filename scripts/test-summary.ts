/**
 * Ends `scripts/test`: `test-summary.ts <jest.json> <jest's exit code> <checks passed> <checks failed>` prints the
 * line `N passed, N failed` and exits 0 only if nothing failed.
 */
import { readFileSync } from 'node:fs'
import { summarize } from './summarize.ts'

function reportOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Jest crashed before it wrote its report; the summary says what that means.
    return undefined
  }
}

const [path = '', exitCode, checksPassed, checksFailed] = process.argv.slice(2)
const { passed, failed } = summarize({
  report: reportOf(path),
  exitCode: Number(exitCode),
  checksPassed: Number(checksPassed),
  checksFailed: Number(checksFailed),
})
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
