/** What is published: packed, installed in an empty CDK app, and used there. */
import unit from './jest.config.mjs';

export default {
  ...unit,
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  maxWorkers: 1,
};
