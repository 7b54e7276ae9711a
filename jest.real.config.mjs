/** The suites on real parts: a local AWS, a real MLflow server, the demo. Slow, and one at a time: they share two cores. */
import unit from './jest.config.mjs';

export default {
  ...unit,
  testMatch: ['<rootDir>/test/real/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // More than the waits of any test together: what was waited for in vain is told by name.
  testTimeout: 480_000,
  maxWorkers: 1,
  testSequencer: '<rootDir>/tools/cluster-last.mjs',
};
