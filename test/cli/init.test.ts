import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type MemoryEstate, memoryEstate, memoryEstateReader } from '../../lib/adapters/memory/estate.ts';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { aFlagFound, anAlarm, aWorkload, ENVIRONMENT } from '../files/proposal/an-estate.ts';
import { aDesk, aFolder, aWorld, type Seat, type } from './desk.ts';

const FILE = 'environments/prod/services/churn.yaml';

function aFolderWith(environment = ENVIRONMENT): string {
  const cwd = aFolder();
  mkdirSync(join(cwd, 'environments/prod/services'), { recursive: true });
  writeFileSync(join(cwd, 'environments/prod/environment.yaml'), environment);
  return cwd;
}

const anEstate = (over: Partial<MemoryEstate> = {}) =>
  memoryEstate({ alarms: [anAlarm()], parameters: [aFlagFound], workloads: [aWorkload()], ...over });

interface Typing extends Seat {
  readonly estate?: never;
  readonly found?: MemoryEstate;
}

const init = (words: string, { found = anEstate(), cwd = aFolderWith(), ...seat }: Typing = {}) =>
  type(aDesk(aWorld()), `init ${words} --env prod`, {
    cwd,
    confirm: async () => undefined,
    ...seat,
    estate: async () => memoryEstateReader(found),
  });

const down = new OutsideTrouble('Cannot read the alarms: TimeoutError: no answer');
const allDown = {
  alarms: down,
  parameters: down,
  models: down,
  workloads: down,
  releases: down,
  applications: down,
};

describe('reinstate init', () => {
  it('shows the file and writes nothing, where nobody can be asked; what to do next goes beside it', async () => {
    const cwd = aFolderWith();
    const { exit, out, err } = await init('churn', { cwd });

    expect(exit).toBe(0);
    expect(out).toMatch(/^# yaml-language-server: [\s\S]*\nsignals:\n[\s\S]*\npolicy:\n/);
    expect(err).toContain('nothing was written; to write it: npx reinstate init churn --env prod --write');
    expect(existsSync(join(cwd, FILE))).toBe(false);
  });

  it('passes validation as it is written', async () => {
    const cwd = aFolderWith();
    const { out } = await init('churn --write', { cwd });
    const validated = await type(aDesk(aWorld()), 'validate', { cwd });

    expect(readFileSync(join(cwd, FILE), 'utf8')).toBe(out);
    expect([validated.exit, validated.out]).toEqual([0, expect.stringContaining('churn')]);
  });

  it.each([
    [true, true, 'wrote environments/prod/services/churn.yaml'],
    [false, false, 'nothing was written'],
  ])('asks at a terminal, after all was shown: %s', async (answer, written, says) => {
    const cwd = aFolderWith();
    const asked: string[] = [];
    const confirm = async (question: string) => {
      asked.push(question);
      return answer;
    };
    const { err } = await init('churn', { cwd, confirm });

    expect(asked).toEqual([`write ${FILE}? [y/N] `]);
    expect(existsSync(join(cwd, FILE))).toBe(written);
    expect(err).toContain(says);
  });

  it('writes without being asked with --yes, too', async () => {
    const cwd = aFolderWith();
    await init('churn --yes', { cwd });

    expect(existsSync(join(cwd, FILE))).toBe(true);
  });

  it('leaves a file alone that is there already: what differs is shown, and --write is refused', async () => {
    const cwd = aFolderWith();
    writeFileSync(join(cwd, FILE), 'signals: mine\n');
    const shown = await init('churn', { cwd });
    const refused = await init('churn --write', { cwd });

    expect(shown.exit).toBe(0);
    expect(shown.out).toMatch(/-signals: mine\n\+/);
    expect(shown.err).toContain('is there already and was left as it is');
    expect([refused.exit, refused.err]).toEqual([
      2,
      expect.stringContaining('Cannot write: "environments/prod/'),
    ]);
    expect(readFileSync(join(cwd, FILE), 'utf8')).toBe('signals: mine\n');
  });

  it('says so where the file is as it would be proposed', async () => {
    const cwd = aFolderWith();
    await init('churn --write', { cwd });

    expect((await init('churn', { cwd })).out).toBe(`${FILE} is as it would be proposed\n`);
  });

  it('writes nowhere but below environments: not through a link', async () => {
    const cwd = aFolder();
    const outside = aFolder();
    mkdirSync(join(cwd, 'environments/prod'), { recursive: true });
    writeFileSync(join(cwd, 'environments/prod/environment.yaml'), ENVIRONMENT);
    symlinkSync(outside, join(cwd, 'environments/prod/services'));

    const { exit, err } = await init('churn --write', { cwd });

    expect([exit, err]).toEqual([2, expect.stringContaining('a link leads out of "environments"')]);
    expect(existsSync(join(outside, 'churn.yaml'))).toBe(false);
  });

  it('lists what might be a service where none is named', async () => {
    const found = anEstate({ models: [{ name: 'ranker', aliases: {} }] });
    const { exit, out } = await init('', { found });

    expect(exit).toBe(0);
    expect(out).toMatch(/churn +rollout in shop, flag \/shop\/churn\/new-features/);
    expect(out).toMatch(/ranker +registered model/);
    expect(out).toContain('propose one: npx reinstate init <service> --env prod');
  });

  it('gives the same as JSON, and writes only with --write', async () => {
    const { json } = await init('churn -o json');

    expect(json).toMatchObject({
      file: FILE,
      written: false,
      unread: [],
      text: expect.stringContaining('policy:'),
    });
  });

  it('proposes what was asked for: prefix, path, model, namespace, address', async () => {
    const found = anEstate({
      alarms: [anAlarm({ name: 'shop-p95', metric: { namespace: 'Shop', name: 'p95', dimensions: {} } })],
      parameters: [{ ...aFlagFound, name: '/flags/a' }],
      models: [{ name: 'propensity', aliases: { champion: '1' } }],
      workloads: [aWorkload(), aWorkload({ namespace: 'staging' })],
    });
    const words = 'churn --alarms shop- --parameters /flags --model propensity --namespace shop';

    const { out } = await init(`${words} --served "https://churn.example.com/v version"`, { found });

    expect(out).toContain('parameter: /flags/a');
    expect(out).toContain('model: propensity');
    expect(out).toContain('served: https://churn.example.com/v version');
    expect(out).toContain('name: p95');
    expect(out).toContain('namespace: shop');
  });
});

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
