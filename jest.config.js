// Tests run the TypeScript sources; only end-to-end tests run dist/ (scripts/test builds it first).
const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript' },
    experimental: { keepImportAttributes: true },
  },
}

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  injectGlobals: false,
  coverageProvider: 'v8',
  // Generous: a test waits for events, and how long a busy machine takes for them is not its matter.
  testTimeout: 60_000,
  maxWorkers: 2,
  // Of `test.concurrent`: cases that each start a server of their own.
  maxConcurrency: 3,
}
