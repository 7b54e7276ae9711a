import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from '../../lib/core/function-env.ts';
import { blockIn, installed, manifest, type Packed, pack, ROOT, run } from './app.ts';

const MEGABYTE = 1_000_000;

/** Everything that may be in the tarball. */
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|dist\/THIRD-PARTY-NOTICES\.txt)$/,
  /^bin\/reinstate\.mjs$/,
  /^dist\/lib\/index\.(js|d\.ts)$/,
  /^dist\/lib\/(core|files|infra)\/[a-z-]+\.(js|d\.ts)$/,
  /^dist\/cli\/[\w-]+\.js$/,
  /^dist\/lambdas\/(package\.json|[a-z-]+\/index\.js)$/,
  /^dist\/schemas\/(environment|service)\.schema\.json$/,
];

const folder = mkdtempSync(join(tmpdir(), 'reinstate-pack-'));
let packed: Packed;
let app: string;

beforeAll(() => {
  packed = pack(folder);
  app = installed(join(folder, packed.filename));
}, 600_000);
afterAll(() => {
  for (const used of [folder, app]) rmSync(used, { recursive: true, force: true });
});

const inPackage = (path: string): string => readFileSync(join(app, 'node_modules/reinstate', path), 'utf8');

describe('the tarball', () => {
  it('holds what it needs and nothing else: no tests, no sources, no maps', () => {
    const paths = packed.files.map(({ path }) => path);

    expect(paths.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))).toEqual([]);
    const functions = paths.flatMap((path) => path.match(/^dist\/lambdas\/(.+)\/index\.js$/)?.[1] ?? []);
    expect(new Set(functions)).toEqual(new Set(FUNCTION_NAMES));
  });

  it('names no folder of the machine that packed it, and points at no source', () => {
    const here = [ROOT, tmpdir(), homedir()].map((path) => `${path}/`);
    const built = packed.files.filter(({ path }) => /^(dist|bin)\//.test(path)).map(({ path }) => path);

    const wrong = built.filter((path) => {
      const text = inPackage(path);
      return here.some((place) => text.includes(place)) || /^\/\/# source/m.test(text);
    });

    expect(wrong).toEqual([]);
  });

  it('has at most 4 MB, and 15 MB unpacked', () => {
    expect(packed.size).toBeLessThan(4 * MEGABYTE);
    expect(packed.unpackedSize).toBeLessThan(15 * MEGABYTE);
  });

  it('brings a user three packages, none of them for building or testing', () => {
    const names = Object.keys(manifest.dependencies);

    expect(names).toEqual(['@aws-cdk/lambda-layer-kubectl-v35', 'yaml', 'zod']);
    expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    expect(manifest).not.toHaveProperty('optionalDependencies');
    const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'));
    const brought = Object.keys(lock.packages).filter((path) => path.startsWith('node_modules/'));
    expect(new Set(brought)).toEqual(new Set(['reinstate', ...names].map((name) => `node_modules/${name}`)));
  });

  it('says who wrote what is bundled', () => {
    const notices = inPackage('dist/THIRD-PARTY-NOTICES.txt');

    for (const name of ['@aws-sdk/client-dynamodb', '@middy/core', 'commander', 'yaml'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).toContain('Permission is hereby granted');
  });
});

describe('a CDK app with the package', () => {
  const synth = (file: string, text: string, out: string) => {
    writeFileSync(join(app, file), text);
    run(app, 'env', [`CDK_OUTDIR=${out}`, 'node', file]);
    return (name: string) => JSON.parse(readFileSync(join(app, out, name), 'utf8'));
  };

  it('synthesises the example of the docs, with the functions as they were built', () => {
    const text = blockIn('install.md', 'js');
    const read = synth('app.js', text, 'out');

    expect(text.trim().split('\n').length).toBeLessThanOrEqual(15);
    const resources = Object.values<{ Type: string }>(read('ml-safety.template.json').Resources);
    const count = (type: string) => resources.filter(({ Type }) => Type === `AWS::${type}`).length;
    expect(count('Lambda::Function')).toBe(FUNCTION_NAMES.length);
    expect(count('StepFunctions::StateMachine')).toBe(1);
    const assets = readdirSync(join(app, 'out')).map((asset) => join(app, 'out', asset, 'index.js'));
    const staged = assets.filter(existsSync).map((file) => readFileSync(file, 'utf8'));
    const built = FUNCTION_NAMES.map((name) => inPackage(`dist/lambdas/${name}/index.js`));
    expect(built.filter((bundle) => !staged.includes(bundle))).toEqual([]);
  });

  it('may be CommonJS', () => {
    const text = `const cdk = require('aws-cdk-lib');
const { environmentFiles, EnvironmentStack } = require('reinstate');
new EnvironmentStack(new cdk.App(), environmentFiles('environments', 'staging'));
`;

    expect(synth('app.cjs', text, 'out-cjs')('reinstate-staging.template.json')).toHaveProperty('Resources');
  });

  it('is told of all problems in its files when it is synthesised', () => {
    const text = blockIn('install.md', 'js').replace("'prod'", "'prdo'");

    expect(() => synth('wrong.js', text, 'out-wrong')).toThrow(
      /environment is unknown \(did you mean "prod"\?\); expected one of prod, staging/,
    );
  });

  it('has types, also where libraries are checked', () => {
    const wrong = `\n// @ts-expect-error an environment is not a text\nexport const wrong: ReinstateProps = { ...props, environment: 'prod' };\n`;
    writeFileSync(join(app, 'typed.ts'), blockIn('install.md', 'ts') + wrong);
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, types: ['node'] };
    const options = { ...compilerOptions, target: 'es2022', module: 'nodenext' };
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['typed.ts'] }),
    );

    expect(run(app, join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'])).toBe('');
  });
});

describe('the command line of the package', () => {
  const reinstate = (...words: string[]): string => run(app, 'npx', ['reinstate', ...words]);

  it('shows its commands', () => {
    expect(reinstate('--help')).toMatch(/^Usage: reinstate \[options\] \[command\]/);
  });

  it('validates the files of the app', () => {
    expect(JSON.parse(reinstate('validate', '-o', 'json'))).toMatchObject({
      ok: true,
      environments: [{ environment: 'prod' }, { environment: 'staging' }],
    });
  });

  it('simulates a service as the sources do', () => {
    const words = ['simulate', 'recommender', '--env', 'prod', '--seeds', '5', '-o', 'json'];

    const simulated = reinstate(...words);

    expect(JSON.parse(simulated)).toEqual(
      JSON.parse(run(app, 'node', [join(ROOT, 'bin/reinstate.ts'), ...words])),
    );
  });

  it('ends with one sentence and exit code 2 where a command is unknown', () => {
    const bin = join(app, 'node_modules/.bin/reinstate');

    expect(() => run(app, bin, ['plna'])).toThrow(
      expect.objectContaining({ status: 2, stderr: expect.stringMatching(/^Cannot run this: .*plan.*\n$/) }),
    );
  });

  it('is that of the sources where they are beside it: nothing stale is run in a checkout', () => {
    const checkout = mkdtempSync(join(folder, 'checkout-'));
    const says = (path: string, word: string) =>
      run(checkout, 'sh', ['-c', `mkdir -p $(dirname ${path}) && echo "console.log('${word}')" > ${path}`]);
    run(checkout, 'cp', ['-r', join(ROOT, 'bin'), 'bin']);
    writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
    says('bin/reinstate.ts', 'sources');
    says('dist/cli/reinstate.js', 'built');

    expect(run(checkout, 'node', ['bin/reinstate.mjs'])).toBe('sources\n');
    rmSync(join(checkout, 'bin/reinstate.ts'));
    expect(run(checkout, 'node', ['bin/reinstate.mjs'])).toBe('built\n');
  });
});
