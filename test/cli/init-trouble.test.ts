import { describe, expect, it } from '@jest/globals';
import { BadInput, OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { aWorkload } from '../files/proposal/an-estate.ts';
import { aFolderWith, anEstate, init } from './init-estate.ts';

const down = new OutsideTrouble('Cannot read the alarms: TimeoutError: no answer');
const allDown = {
  alarms: down,
  parameters: down,
  models: down,
  workloads: down,
  releases: down,
  applications: down,
};

describe('reinstate init, where something cannot be read', () => {
  it('says it in the file and beside it, with what to do, and proposes the rest', async () => {
    const found = anEstate({
      trouble: { models: down, releases: new OutsideRefusal('Cannot list secrets: no') },
    });
    const { exit, out, err } = await init('churn', { found });

    expect(exit).toBe(0);
    for (const text of [out.replace(/\n# {2}/g, ' '), err]) {
      expect(text).toContain('could not read MLflow: TimeoutError: no answer; to do: see that "mlflow" in');
      expect(text).toMatch(
        /could not read Helm releases of cluster "main": no; to do: docs\/init\.md has the rights/,
      );
    }
    expect(out).toContain('rollout: churn');
  });

  it('asks for no rights where what is typed in a file cannot be used', async () => {
    const releases = new BadInput('Cannot use the CA of a cluster: expected certificates in PEM');
    const { err } = await init('churn', { found: anEstate({ trouble: { releases } }) });

    expect(err).toContain('could not read Helm releases of cluster "main": expected certificates in PEM\n');
  });

  it('tells whoever has no credentials to sign in', async () => {
    const cause = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    const alarms = new OutsideTrouble('Cannot read the alarms: CredentialsProviderError: none', { cause });
    const { err } = await init('churn', { found: anEstate({ trouble: { alarms } }) });

    expect(err).toContain(
      'could not read the alarms of CloudWatch: CredentialsProviderError: none; to do: sign in again, or set AWS_PROFILE',
    );
  });

  it('names neither our own action twice, nor takes the colon of an ARN for its end', async () => {
    const models = new OutsideRefusal('Cannot read secret "arn:aws:x:secret:a": no permission');
    const { err } = await init('churn', { found: anEstate({ trouble: { models } }) });

    expect(err).toContain('could not read MLflow: no permission; to do:');
  });

  it('ends with 3 and the next step where nothing could be read', async () => {
    const { exit, out, err } = await init('churn', { found: anEstate({ trouble: allDown }) });

    expect([exit, out]).toEqual([3, '']);
    expect(err.trim().split('\n').at(-1)).toBe(
      'Cannot propose anything: nothing of environment "prod" could be read (account 111122223333 in eu-west-1); sign in, or set AWS_PROFILE, and try again',
    );
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('does not ask for what the environment does not name, and says so', async () => {
    const bare = 'account: "111122223333"\nregion: eu-west-1\n';
    const { exit, err } = await init('churn', {
      cwd: aFolderWith(bare),
      found: anEstate({ workloads: [], trouble: { models: down, workloads: down } }),
    });

    expect(exit).toBe(0);
    expect(err).toContain('not looked at: MLflow; environment.yaml names none');
    expect(err).toContain('not looked at: clusters of Kubernetes; environment.yaml names none');
  });
});

describe('reinstate init, given something that cannot be used', () => {
  it('a service of which nothing is there: the one that was meant, or where to look', async () => {
    const { exit, out, err } = await init('chur');

    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain('Cannot find anything of "chur" in environment "prod" (did you mean "churn"?)');
    expect(err).toContain('--alarms, --parameters, --model or --namespace');
  });

  it.each(['Churn', 'armed', '../x', '"a\nb"', 'x'.repeat(10_000)])(
    'a name that no service can have: %#',
    async (name) => {
      const { exit, err } = await init(name);

      expect(exit).toBe(2);
      expect(err).toContain('Cannot call a service "');
      expect(err.length).toBeLessThan(300);
    },
  );

  it.each([
    ['--parameters shop', 'Cannot use "shop" for --parameters; expected a path such as /shop/recommender'],
    ['--namespace Shop_1', 'Cannot use "Shop_1" for --namespace; expected small letters'],
    ['--served https://churn.example.com', 'for --served; expected a URL and a path'],
    ['--served "http://churn.example.com/v version"', 'for --served; expected https://'],
    [`--served ${'x'.repeat(10_000)}`, 'for --served; expected a URL and a path'],
  ])('an option that cannot be meant, before anything is read (%#)', async (words, says) => {
    const { exit, out, err } = await init(`churn ${words}`, { found: anEstate({ trouble: allDown }) });

    expect([exit, out, err]).toEqual([2, '', expect.stringContaining(says)]);
    expect(err.length).toBeLessThan(300);
  });

  it('a service that stands in several namespaces: which one', async () => {
    const found = anEstate({ workloads: [aWorkload(), aWorkload({ namespace: 'staging' })] });
    const { exit, err } = await init('churn', { found });

    expect([exit, err]).toEqual([2, expect.stringContaining('name one with --namespace: shop, staging')]);
  });

  it('a terminal of 40 columns: each candidate is a block, and nothing is cut', async () => {
    const { out } = await init('', { terminal: { columns: 40 } });

    expect(out).toContain('churn\n  found: rollout in shop, flag /shop/churn/new-features\n');
  });
});
