import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from '../../lib/core/function-env.ts';
import { bundle, functionsIn } from '../../lib/infra/bundles.ts';
import { ROOT } from './helpers/deployment.ts';

const HANDLER = `
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { Trouble } from './_trouble.ts';
/*! a legal comment */
const client: SSMClient = new SSMClient({});
export const handler = async () => { await client.send(new GetParameterCommand({ Name: 'ä' })); throw new Trouble(); };
`;
const TROUBLE = `export class Trouble extends Error { override readonly name = 'Trouble'; }`;

const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('bundle', () => {
  let root: string;
  const built = (name: string, out = 'dist/lambdas') => join(root, out, name, 'index.js');
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'reinstate-bundle-'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    mkdirSync(join(root, 'lambdas/sub'), { recursive: true });
    writeFileSync(join(root, 'lambdas/read-it.ts'), HANDLER);
    writeFileSync(join(root, 'lambdas/read-again.ts'), HANDLER);
    writeFileSync(join(root, 'lambdas/_trouble.ts'), TROUBLE);
    writeFileSync(join(root, 'lambdas/sub/other.ts'), TROUBLE);
    bundle({ root });
  });

  it('makes one module for each function, and none of helpers and subfolders', () => {
    expect(readdirSync(join(root, 'dist/lambdas'))).toEqual(['package.json', 'read-again', 'read-it']);
  });

  it('gives the same bytes for the same sources, so that a deploy without a change changes nothing', () => {
    bundle({ root, out: 'dist/again' });

    expect(hash(built('read-it', 'dist/again'))).toBe(hash(built('read-it')));
    expect(hash(built('read-it'))).toBe(hash(built('read-again')));
  });

  it('exports the handler, and needs nothing that is not in it', () => {
    const text = readFileSync(built('read-it'), 'utf8');

    expect(createRequire(import.meta.url)(built('read-it'))).toHaveProperty('handler');
    const imported = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
    const outside = imported.filter((module) => !/^(node:)?[a-z0-9_/]+$/.test(module));
    // The SDK looks for it and goes on without.
    expect(outside.filter((module) => module !== '@aws-sdk/signature-v4-crt')).toEqual([]);
    expect(text).not.toContain('Dynamic require of');
  });

  it('keeps error names and letters, and drops legal comments', () => {
    const text = readFileSync(built('read-it'), 'utf8');

    expect(text).toMatch(/name="Trouble"/);
    expect(text).toContain('"ä"');
    expect(text).not.toContain('a legal comment');
  });

  it('leaves nothing of a function that is no more', () => {
    mkdirSync(join(root, 'dist/lambdas/gone'));

    bundle({ root });

    expect(readdirSync(join(root, 'dist/lambdas'))).not.toContain('gone');
  });
});

describe('lambdas', () => {
  it('has one file for each function that is deployed, and no other', () => {
    expect(new Set(functionsIn(join(ROOT, 'lambdas')))).toEqual(new Set(FUNCTION_NAMES));
  });
});
