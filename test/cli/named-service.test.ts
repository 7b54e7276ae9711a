import { describe, expect, it } from '@jest/globals';
import { openDesk } from '../../lib/cli/deployment.ts';
import { aDesk, aFolderWith, aWorld, type } from './desk.ts';

const PROD = { 'environments/prod/environment.yaml': 'account: "111122223333"\nregion: eu-west-1\n' };
const SHOP = { ...PROD, 'environments/prod/services/recommender.yaml': 'this is not read here' };

describe('a service that is mistyped', () => {
  const typed = (words: string, files: Readonly<Record<string, string>> = SHOP) => {
    const host = { cwd: aFolderWith(files), env: {} };
    return type(aDesk(aWorld()), `${words} --env prod`, {
      ...host,
      open: (h, ...named) => openDesk({ ...h, ...host }, ...named),
    });
  };
  const SENTENCE =
    'Cannot find service "recomender" in environment "prod" (did you mean "recommender"?); expected one of recommender\n';

  it.each([
    'plan recomender',
    'rollback recomender --reason x',
    'watch recomender',
    'cancel recomender',
    'report recomender',
    'report --index recomender',
    'hold check recomender',
    'hold lift recomender --reason x',
    'quarantine list recomender',
    'quarantine lift recomender champion 2 --reason x',
    'mode act recomender',
    'mode act --service recomender',
    'page test recomender',
    'baseline record recomender',
    'baseline list recomender',
    'incidents --service recomender',
  ])('is refused by the service files, before credentials are looked for: %s', async (words) => {
    expect(await typed(words)).toMatchObject({ exit: 2, out: '', err: SENTENCE });
  });

  it('is told where there is no service file at all', async () => {
    const { err } = await typed('plan shop', PROD);

    expect(err).toBe(
      'Cannot find service "shop" in environment "prod": there is no file in environments/prod/services\n',
    );
  });

  it('an incident is not taken for one, nor what names none', async () => {
    const opened: (string | undefined)[] = [];
    const words = ['report recommender-20261121T090405-1a2b3c4d', 'hold list', 'mode act'];
    const open = async (_: unknown, __: unknown, service?: string) => {
      opened.push(service);
      return aDesk(aWorld());
    };

    for (const each of words) await type(aDesk(aWorld()), each, { open });

    expect(opened).toEqual([undefined, undefined, undefined]);
  });
});
