/**
 * Mutation testing of the rules in lib/core (`npm run test:mutants:core`): every change of a rule should fail a test.
 * All it writes is under `.reinstate/stryker`; it asks nothing of the network.
 */
const OUT = '.reinstate/stryker';

/** The tests of core in one file (test/core/all.ts); its transforms are thrown away with the sandbox. */
const jest = {
  testMatch: ['<rootDir>/test/core/all.ts'],
  testEnvironment: './tools/stop-at-first-failure.mjs',
  cacheDirectory: '<rootDir>/.jest-cache',
  maxWorkers: 1,
};

export default {
  mutate: ['lib/core/**/*.ts'],
  // The sandbox holds what the tests of core need, and nothing else.
  ignorePatterns: ['**', '!lib/**', '!test/**', '!tools/**', '!package.json', '!jest.config.mjs'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--no-compilation-cache', '--experimental-vm-modules', '--no-warnings'],
  jest: { configFile: 'jest.config.mjs', config: jest, enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  // Node strips the types. Stryker would read a tsconfig with the compiler's old programming interface, which
  // typescript 7 does not have: so it is given the name of a file that does not exist.
  disableTypeChecks: true,
  tsconfigFile: 'tsconfig.none.json',
  concurrency: 2,
  // A busy machine is no infinite loop.
  timeoutMS: 10_000,
  thresholds: { high: 90, low: 85, break: 85 },
  tempDirName: `${OUT}/sandbox`,
  cleanTempDir: 'always',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: `${OUT}/mutants.html` },
  jsonReporter: { fileName: `${OUT}/mutants.json` },
};
