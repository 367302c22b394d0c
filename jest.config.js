// Tests run the TypeScript sources; only end-to-end tests run dist/ (scripts/test builds it first).
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  injectGlobals: false,
  coverageProvider: 'v8',
  maxWorkers: 2,
}
