/** The tutorials that need the local environment; it ends with `npm run local -- down`. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { projectRoot } from '../../../local/paths.ts';
import { describePages } from './suite.ts';

const reportsHere = () => readdirSync(projectRoot).filter((name) => /^reinstate-.*\.html$/.test(name));
const before = reportsHere();

// The first hour fetches its report to where it is typed.
afterAll(() => {
  for (const name of reportsHere().filter((one) => !before.includes(one))) rmSync(join(projectRoot, name));
});

describePages({
  where: 'local',
  pages: ['first-hour', 'exercise-2-alias', 'project-2-alias-strategy'],
  seconds: 900,
});
