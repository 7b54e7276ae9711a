import { expect, it } from '@jest/globals';
import ours from '../../package.json' with { type: 'json' };
import { aDesk, aWorld, type } from './desk.ts';

it('"reinstate --version" is that of the package, and asks nothing', async () => {
  expect(await type(aDesk(aWorld()), '--version')).toMatchObject({ exit: 0, out: `${ours.version}\n` });
});
