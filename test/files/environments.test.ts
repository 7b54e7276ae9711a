import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment, readEnvironments } from '../../lib/files/environments.ts';
import { type Checked, formatProblem } from '../../lib/files/problem.ts';

const told = (read: Checked<unknown>, root = 'nowhere'): string[] =>
  read.ok ? [] : read.problems.map((problem) => formatProblem(problem).replaceAll(`${root}/`, ''));

const placeholder = (name: string): string => `\${${name}}`;

describe('the examples', () => {
  const cluster = {
    cluster: 'https://10.99.0.1:6443',
    'cluster-ca': 'bm9uZQ==',
    git: 'http://10.99.0.1:3000',
  };
  const replacements = { mlflow: 'http://127.0.0.1:5000', model: 'http://127.0.0.1:8000', ...cluster };

  it('are without fault, and share no target', () => {
    const read = readEnvironments('environments');

    expect(told(read)).toEqual([]);
    expect(read.ok && read.value.map((files) => files.environment.name)).toEqual([
      'local',
      'prod',
      'staging',
    ]);
  });

  it('have free ports filled in where they are local', () => {
    const read = readEnvironment('environments', 'local', replacements);

    expect(read.ok && read.value.environment.mlflow).toEqual({ url: 'http://127.0.0.1:5000' });
    const recommender = read.ok
      ? read.value.services.find((service) => service.name === 'recommender')
      : undefined;
    expect(recommender?.levers).toMatchObject([
      { served: { url: 'http://127.0.0.1:8000/version' } },
      { reload: 'http://127.0.0.1:8000/reload' },
    ]);
  });

  it('say which placeholder nobody filled', () => {
    expect(
      told(readEnvironment('environments', 'local', { mlflow: replacements.mlflow, ...cluster }))[0],
    ).toBe(
      `environments/local/services/recommender.yaml:25:20: Cannot read "${placeholder('model')}/version": placeholder "${placeholder('model')}" is unknown; expected one of ${['mlflow', 'cluster', 'cluster-ca', 'git'].map(placeholder).join(', ')}`,
    );
  });

  it('do not hold an environment of another name', () => {
    expect(told(readEnvironment('environments', 'prd'))).toEqual([
      'environments:1:1: Cannot read "prd": environment is unknown (did you mean "prod"?); expected one of local, prod, staging',
    ]);
  });
});

describe('a folder of environments', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'reinstate-files-'));
    cpSync('environments', root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is read as a whole: a fault in one environment is told when another is asked for', () => {
    writeFileSync(join(root, 'staging/environment.yaml'), 'account: 5\n');

    expect(told(readEnvironment(root, 'prod'), root)).toEqual([
      'staging/environment.yaml:1:1: Cannot read "environment.yaml": key "region" is missing; expected a region such as eu-west-1',
      'staging/environment.yaml:1:10: Cannot read "5": not an account; expected 12 digits in quotes, such as "111122223333"',
    ]);
  });

  it('F56: refuses a target that an environment shares with another one', () => {
    cpSync(join(root, 'prod'), join(root, 'copy'), { recursive: true });

    expect(told(readEnvironment(root, 'prod'), root)).toEqual([
      expect.stringContaining('is also that of "new-features" at copy/services/recommender.yaml:18:3'),
      expect.stringContaining('is also that of "champion" at copy/services/recommender.yaml:24:3'),
    ]);
  });

  it('refuses what would be a service that nobody protects', () => {
    mkdirSync(join(root, 'prod/services/team'));
    writeFileSync(join(root, 'prod/services/ranker.yml'), '');
    writeFileSync(join(root, 'prod/services/latin.yaml'), Buffer.from([0x61, 0xe9]));
    writeFileSync(join(root, 'prod/services/.hidden'), '');

    const words = 'not a service file; expected <service>.yaml in UTF-8, and nothing else in this folder';
    expect(told(readEnvironments(root), root)).toEqual([
      `prod/services/latin.yaml:1:1: Cannot read "latin.yaml": ${words}`,
      `prod/services/ranker.yml:1:1: Cannot read "ranker.yml": ${words}`,
      `prod/services/team:1:1: Cannot read "team": ${words}`,
    ]);
  });

  it('is refused where it has no services, or is not there at all', () => {
    rmSync(join(root, 'prod/services'), { recursive: true });

    expect(told(readEnvironment(root, 'prod'), root)[0]).toBe(
      'prod/services:1:1: Cannot read "services": there is no such folder here; expected a folder',
    );
    expect(told(readEnvironments('nowhere'))).toEqual([
      'nowhere:1:1: Cannot read "nowhere": there is no such folder here; expected a folder',
    ]);
  });
});
