import { expect, test } from '@jest/globals'
import { summarize } from '../../scripts/summarize.ts'

const report = { numPassedTests: 10, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }
const well = { report, exitCode: 0, checksPassed: 5, checksFailed: 0 }

test.each([
  ['all is well', well, { passed: 15, failed: 0 }],
  [
    'a test fails',
    { ...well, exitCode: 1, report: { ...report, numFailedTests: 2 } },
    { passed: 15, failed: 2 },
  ],
  [
    'a suite cannot run',
    { ...well, exitCode: 1, report: { ...report, numRuntimeErrorTestSuites: 1 } },
    { passed: 15, failed: 1 },
  ],
  ['a check fails', { ...well, checksPassed: 4, checksFailed: 1 }, { passed: 14, failed: 1 }],
  [
    'jest crashes before it reports',
    { ...well, exitCode: 134, report: undefined },
    { passed: 5, failed: 1 },
  ],
  ['jest ends well without a report', { ...well, report: undefined }, { passed: 5, failed: 1 }],
  [
    'jest fails for a reason it does not report',
    { ...well, exitCode: 1 },
    { passed: 15, failed: 1 },
  ],
  [
    'jest reports something else',
    { ...well, report: { numPassedTests: '10' } },
    { passed: 5, failed: 0 },
  ],
])('when %s', (_, outcome, expected) => {
  expect(summarize(outcome)).toEqual(expected)
})
