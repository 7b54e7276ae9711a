import { describe, expect, it } from '@jest/globals';
import { alias } from '../../../lib/adapters/levers/alias.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { anAlias, anArmedService } from '../../contracts/armed.ts';
import { json, serve } from '../serve.ts';

const lever = anAlias();
type Files = { path: string; is_dir?: boolean; file_size?: number }[];

interface Store {
  readonly source?: string;
  readonly mlmodel?: { status: number; body: string; json?: boolean };
  readonly listing?: Record<string, Files>;
}

/** What is observed of version 1 on a server that answers as MLflow 3.17.2 does. */
async function observed({ source = 'models:/m-1', mlmodel, listing = {} }: Store) {
  const url = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    if (pathname.endsWith('/alias') || pathname.endsWith('/get')) {
      return json(response, {
        model_version: { name: 'recommender', version: '1', run_id: 'r', source, status: 'READY' },
      });
    }
    if (pathname.endsWith('/get-artifact')) {
      const { status, body, json: isJson } = mlmodel ?? { status: 200, body: 'flavors: {}' };
      return response
        .writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/plain' })
        .end(body);
    }
    const folder = searchParams.get('artifact_directory_path') ?? searchParams.get('path') ?? '';
    const files = listing[folder];
    return json(response, { root_uri: 'mlflow-artifacts:/1/r/artifacts', ...(files && { files }) });
  });
  const port = alias({ clock: memoryClock(0) })(anArmedService([lever], { mlflow: { url } }));
  return port.observe(lever, '1');
}

const files = (...paths: string[]): Files => paths.map((path) => ({ path, file_size: path.length }));

describe('the digest of an artifact', () => {
  it('does not depend on the order in which files are listed', async () => {
    const one = await observed({ listing: { '': files('a', 'b') } });
    const other = await observed({ listing: { '': files('b', 'a') } });

    expect(one.digest).toBe(other.digest);
    expect(one.candidate).toEqual({ value: '1', fit: 'ready', digest: one.digest });
  });

  it.each<[string, Store]>([
    ['another MLmodel file', { mlmodel: { status: 200, body: 'flavors: {x: 1}' } }],
    ['another source', { source: 'models:/m-2' }],
    ['another file', { listing: { '': files('a', 'c') } }],
    ['a file of another size', { listing: { '': [{ path: 'a', file_size: 9 }, ...files('b')] } }],
    [
      'a file in a folder',
      { listing: { '': [...files('a', 'b'), { path: 'd', is_dir: true }], d: files('d/e') } },
    ],
  ])('differs with %s', async (_, store) => {
    const usual = { listing: { '': files('a', 'b') } };

    expect((await observed({ ...usual, ...store })).digest).not.toBe((await observed(usual)).digest);
  });

  it('lists a folder of a run, where the source is one', async () => {
    const source = 'mlflow-artifacts:/1/r/artifacts/model';
    const one = await observed({ source, listing: { model: files('model/a') } });
    const other = await observed({ source, listing: { model: files('model/ab') } });

    expect(one.digest).not.toBe(other.digest);
  });

  it('covers name, version, run and source alone where the store is none of MLflow', async () => {
    const source = 's3://bucket/model';
    const one = await observed({ source, mlmodel: { status: 500, body: 'no access' } });
    const other = await observed({ source });

    expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(one.digest).toBe(other.digest);
  });

  it('F23: calls a version missing whose artifact is gone', async () => {
    const gone = { status: 404, body: '{"error_code":"RESOURCE_DOES_NOT_EXIST"}', json: true };

    const seen = await observed({ mlmodel: gone });

    expect(seen).toEqual({ value: '1', runId: 'r', candidate: { value: '1', fit: 'missing' } });
  });

  it.each([
    ['may not look into its store', { status: 500, body: 'oops' }],
    ['has no such path', { status: 404, body: '<!doctype html>' }],
  ])('is absent, not different, where the server %s', async (_, mlmodel) => {
    const seen = await observed({ mlmodel });

    expect(seen).toEqual({ value: '1', runId: 'r', candidate: { value: '1', fit: 'ready' } });
  });

  it('F21: is trouble while the server is down', async () => {
    await expect(observed({ mlmodel: { status: 503, body: 'later' } })).rejects.toMatchObject({
      name: 'OutsideTrouble',
    });
  });
});
