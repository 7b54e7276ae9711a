import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ENVIRONMENT, SERVICE, service } from '../files/texts.ts';
import { aDesk, aFolder, aWorld, type } from './desk.ts';

function folderWith(text: string): string {
  const cwd = aFolder();
  const folder = join(cwd, 'environments', 'prod');
  mkdirSync(join(folder, 'services'), { recursive: true });
  writeFileSync(join(folder, 'environment.yaml'), ENVIRONMENT);
  writeFileSync(join(folder, 'services', 'shop.yaml'), text);
  return cwd;
}
const validate = (cwd: string, words = 'validate') => type(aDesk(aWorld()), words, { cwd });

describe('reinstate validate', () => {
  it('prints detection beside recovery rung by rung, the deadline and the goal', async () => {
    const { exit, out } = await validate(folderWith(SERVICE));

    expect(exit).toBe(0);
    expect(out.split('\n').map((line) => line.trim())).toEqual([
      'prod',
      'shop',
      'detected in   latency 40 s',
      'recovered in  3 min 15 s by the last rung: act 20 s + readers 5 s + window and lag 75 s, then act 20 s + readers 0 s + window and lag 75 s',
      'deadline      7 min 50 s after open, then people are paged',
      'goal          5 min',
      '',
    ]);
  });

  it('warns past the goal, without counting detection', async () => {
    const slow = service(['period: 10 s', 'period: 1 min']);

    const { exit, out } = await validate(folderWith(slow));

    expect([exit, out]).toEqual([
      0,
      expect.stringContaining('warning: 15 min 45 s is past the goal of 5 min'),
    ]);
  });

  it('warns of levers that no alarm may pull', async () => {
    const approved = 'pre-approved: [flag, champion]';
    const none = await validate(folderWith(service([approved, 'pre-approved: []'])));
    const one = await validate(folderWith(service([approved, 'pre-approved: [flag]'])));

    expect([none.exit, none.out]).toEqual([
      0,
      expect.stringContaining('warning: an alarm alone pulls nothing and pages people; "pre-approved" names'),
    ]);
    expect(one.out).toContain('warning: an alarm alone leaves out champion;');
  });

  it('tells everything that is wrong with file, line and column, as bad input', async () => {
    const wrong = service(['p95', 'p95x'], ['flag off', 'flg off']);

    const { exit, out } = await validate(folderWith(wrong));

    expect(exit).toBe(2);
    expect(out).toMatch(/services\/shop\.yaml:2:\d+: Cannot read "p95x"/);
    expect(out).toMatch(/services\/shop\.yaml:10:\d+: Cannot read .*did you mean "flag"/);
  });

  it('gives the same as JSON', async () => {
    const good = await validate(folderWith(SERVICE), 'validate prod -o json');
    const bad = await validate(folderWith('signals: 1\n'), 'validate -o json');

    expect(good.json).toMatchObject({
      ok: true,
      environments: [{ environment: 'prod', services: [{ service: 'shop', clock: { withinGoal: true } }] }],
    });
    expect(bad.json).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ line: 1 })]),
    });
  });

  it('refuses an environment that is not there', async () => {
    const { exit, out } = await validate(folderWith(SERVICE), 'validate prods');

    expect([exit, out]).toEqual([2, expect.stringContaining('did you mean "prod"?')]);
  });

  it('finds the examples of this repository right', async () => {
    const cwd = aFolder();
    cpSync(join(import.meta.dirname, '../../environments'), join(cwd, 'environments'), { recursive: true });

    expect((await validate(cwd)).exit).toBe(0);
  });
});
