/**
 * Unit and contract suites; those on real parts are `npm run test:real` (jest.real.config.mjs), that of the package is
 * `npm run test:package` (jest.package.config.mjs). All run with Node's `--no-compilation-cache`: V8's cache never hits
 * for modules that Jest loads, and what it holds keeps the whole module graph of each file that has run (10 MB a file).
 */
export default {
  testEnvironment: '<rootDir>/tools/jest-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/jest-transform.mjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/real/', '<rootDir>/test/package/'],
  // One for each core: the usual one fewer would leave half of two cores idle.
  maxWorkers: '100%',
  // A dozen seconds of work, not of waiting, take ten times as long on a machine that is slow and busy.
  testTimeout: 120_000,
  coverageProvider: 'v8',
};
