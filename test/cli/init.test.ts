import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aFlagFound, anAlarm, aWorkload, ENVIRONMENT } from '../files/proposal/an-estate.ts';
import { aDesk, aFolder, aWorld, type } from './desk.ts';
import { aFolderWith, anEstate, FILE, init } from './init-estate.ts';

describe('reinstate init', () => {
  it('shows the file and writes nothing, where nobody can be asked; what to do next goes beside it', async () => {
    const cwd = aFolderWith();
    const { exit, out, err } = await init('churn', { cwd });

    expect(exit).toBe(0);
    expect(out).toMatch(/^# Proposed from [\s\S]*\nsignals:\n[\s\S]*\npolicy:\n/);
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

  it.each([
    ['lib/files/generated', 'in a clone'],
    ['node_modules/reinstate/dist/schemas', 'where the package is installed'],
  ])('names the schema for editors: %s, %s', async (folder) => {
    const cwd = aFolderWith();
    mkdirSync(join(cwd, folder), { recursive: true });
    writeFileSync(join(cwd, folder, 'service.schema.json'), '{}');

    const { out } = await init('churn', { cwd });

    expect(out.split('\n')[0]).toBe(`# yaml-language-server: $schema=../../../${folder}/service.schema.json`);
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

  it.each<[string, (cwd: string) => void, string]>([
    [
      'the folder is a link that leads nowhere',
      (cwd) => symlinkSync(join(cwd, 'nowhere'), join(cwd, 'environments/prod/services')),
      'Cannot write',
    ],
    [
      'the file is a folder',
      (cwd) => mkdirSync(join(cwd, 'environments/prod/services/churn.yaml'), { recursive: true }),
      'Cannot read',
    ],
  ])('says what is in the way in one sentence, where %s', async (_, spoil, words) => {
    const cwd = aFolder();
    mkdirSync(join(cwd, 'environments/prod'), { recursive: true });
    writeFileSync(join(cwd, 'environments/prod/environment.yaml'), ENVIRONMENT);
    spoil(cwd);

    const { exit, err } = await init('churn --write', { cwd });

    expect(exit).toBe(2);
    expect(err.trim().split('\n').at(-1)).toMatch(
      new RegExp(`^${words} "environments/prod/services/churn.yaml" \\([A-Z]+\\); expected `),
    );
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
