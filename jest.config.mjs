/** Unit and contract suites; the suites on real parts are `npm run test:real` (jest.real.config.mjs). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/jest-transform.mjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/real/'],
  // Seconds of work, not of waiting: seeds and fuzzed inputs on a machine that is busy.
  testTimeout: 30_000,
  coverageProvider: 'v8',
};
