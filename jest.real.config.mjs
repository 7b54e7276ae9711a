/** The suites on real parts: a local AWS, a real MLflow server, the demo. Slow, and one at a time: they share two cores. */
import unit from './jest.config.mjs';

export default {
  ...unit,
  testMatch: ['<rootDir>/test/real/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  maxWorkers: 1,
  testSequencer: '<rootDir>/tools/cluster-last.mjs',
};
