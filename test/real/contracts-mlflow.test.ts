import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../lib/adapters/clock.ts';
import { alias } from '../../lib/adapters/levers/alias.ts';
import { marker } from '../../lib/adapters/levers/mark.ts';
import { type AliasPlace, describeAliasLever } from '../contracts/alias-lever.ts';
import { anAlias, anArmedService } from '../contracts/armed.ts';
import { hookPoint } from './helpers/hooks.ts';
import { type RealMlflow, startRealMlflow } from './helpers/mlflow.ts';
import { proxyTo, type Server, serve } from './helpers/servers.ts';

const clock = systemClock();
let mlflow: RealMlflow;
const open: Server[] = [];

beforeAll(async () => {
  mlflow = await startRealMlflow();
}, 900_000);

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

afterAll(() => mlflow.stop());

describeAliasLever('the alias in MLflow', aliasInMlflow);

async function aliasInMlflow(): Promise<AliasPlace> {
  const name = await mlflow.newModel();
  const hooks = hookPoint();
  const proxy = await proxyTo(mlflow.url, hooks.around);
  const service = await modelService(name);
  open.push(proxy, service);
  const lever = anAlias({
    model: name,
    reload: `${service.url}/reload`,
    served: { url: `${service.url}/served`, path: 'model.version' },
  });
  const armed = anArmedService([lever], { mlflow: { url: proxy.url } });
  const { call } = mlflow;
  return {
    port: alias({ clock })(armed),
    marker: marker({ clock }),
    armed,
    lever,
    move: async (to, version) => {
      await call('POST', 'registered-models/alias', { name, alias: to, version });
    },
    deleteVersion: async (version) => {
      await call('DELETE', 'model-versions/delete', { name, version });
    },
    tagsOf: async (version) => tagsOf(name, version),
    afterWrite: (what) => hooks.after('POST alias', what),
    loseWrite: () => hooks.lose('POST alias'),
    breakTags: () => hooks.lose('POST set-tag', 99),
    reloads: service.reloads,
  };
}

async function tagsOf(name: string, version: string): Promise<Record<string, string>> {
  const answer = await mlflow.call('GET', `model-versions/get?name=${name}&version=${version}`);
  const { tags = [] } = answer['model_version'] as unknown as { tags?: { key: string; value: string }[] };
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** Serves what `champion` named when it last loaded, as model servers do. */
async function modelService(name: string): Promise<Server & { reloads(): number }> {
  let reloads = 0;
  const load = async () => {
    const answer = await mlflow.call('GET', `registered-models/alias?name=${name}&alias=champion`);
    return (answer['model_version'] as unknown as { version: string }).version;
  };
  let version = await load();
  const server = await serve(async ({ method, url }, response) => {
    if (method === 'POST' && url === '/reload') {
      reloads += 1;
      version = await load();
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ model: { version } }));
  });
  return { ...server, reloads: () => reloads };
}

describe('the digest of a real artifact', () => {
  /** Registers a version from this source and observes it as a candidate. */
  async function candidate(source: string, more: Record<string, string> = {}) {
    const name = await mlflow.newModel();
    await mlflow.call('POST', 'model-versions/create', { name, source, ...more });
    const lever = anAlias({ model: name });
    const port = alias({ clock })(anArmedService([lever], { mlflow: { url: mlflow.url } }));
    const observe = async () => (await port.observe(lever, '3')).candidate;
    return { name, observe };
  }

  async function newRun(): Promise<{ run_id: string; root: string; path: string }> {
    const run = (await mlflow.call('POST', 'runs/create', { experiment_id: '0' }))['run'] as unknown as {
      info: { run_id: string; artifact_uri: string };
    };
    const root = run.info.artifact_uri;
    return { run_id: run.info.run_id, root, path: root.replace('mlflow-artifacts:/', '') };
  }

  it('sees a file of a logged model that was replaced, and one that is gone', async () => {
    const name = await mlflow.newModel();
    const lever = anAlias({ model: name });
    const port = alias({ clock })(anArmedService([lever], { mlflow: { url: mlflow.url } }));
    const uri = await mlflow.call('GET', `model-versions/get-download-uri?name=${name}&version=1`);
    const folder = (uri['artifact_uri'] as unknown as string).replace('mlflow-artifacts:/', '');
    const before = (await port.observe(lever, '1')).candidate;

    await mlflow.file(`${folder}/data/extra.txt`, 'more');
    const added = (await port.observe(lever, '1')).candidate;
    await mlflow.file(`${folder}/data/extra.txt`, 'much more');
    const grown = (await port.observe(lever, '1')).candidate;
    await mlflow.file(`${folder}/data/extra.txt`);
    expect(new Set([before, added, grown].map((c) => c?.digest)).size).toBe(3);
    expect((await port.observe(lever, '1')).candidate).toEqual(before);

    await mlflow.file(`${folder}/MLmodel`);
    expect((await port.observe(lever, '1')).candidate).toEqual({ value: '1', fit: 'missing' });
  });

  it('F23: calls a version missing whose logged model was deleted', async () => {
    const name = await mlflow.newModel();
    const lever = anAlias({ model: name });
    const port = alias({ clock })(anArmedService([lever], { mlflow: { url: mlflow.url } }));
    const created = await mlflow.call('POST', 'logged-models', { experiment_id: '0', name: 'short-lived' });
    const { info } = created['model'] as unknown as { info: { model_id: string; artifact_uri: string } };
    const { model_id } = info;
    await mlflow.file(`${info.artifact_uri.replace('mlflow-artifacts:/', '')}/MLmodel`, 'flavors: {}');
    const source = `models:/${model_id}`;
    await mlflow.call('POST', 'model-versions/create', { name, source, model_id });
    expect((await port.observe(lever, '3')).candidate?.fit).toBe('ready');

    await mlflow.call('DELETE', `logged-models/${model_id}`);

    expect((await port.observe(lever, '3')).candidate).toEqual({ value: '3', fit: 'missing' });
  });

  it('covers a model that stands in a folder of its run', async () => {
    const { run_id, root, path } = await newRun();
    await mlflow.file(`${path}/model/MLmodel`, 'flavors: {}');
    const { observe } = await candidate(`${root}/model`, { run_id });
    const before = await observe();
    expect(before).toMatchObject({ fit: 'ready', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });

    await mlflow.file(`${path}/model/data/model.pkl`, 'abc');

    expect((await observe())?.digest).not.toBe(before?.digest);
  });

  it('covers the registry alone for a store that MLflow only points to', async () => {
    // MLflow takes a run that it does not know.
    const { observe } = await candidate('s3://bucket/model', { run_id: 'f'.repeat(32) });

    const seen = await observe();

    expect(seen).toMatchObject({ fit: 'ready', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await observe()).toEqual(seen);
  });
});

describe('a real MLflow that is asked wrongly', () => {
  const observeAt = (url: string, address?: string) => {
    const lever = anAlias();
    const resolve = async () => [{ address: address ?? '127.0.0.1', family: 4 }];
    return alias({ clock, resolve })(anArmedService([lever], { mlflow: { url } })).observe(lever);
  };

  it('does not know a host name of ours: 403 in plain text', async () => {
    await expect(observeAt(mlflow.url.replace('127.0.0.1', 'mlflow.example'))).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/answered 403 "Invalid Host header.+MLFLOW_SERVER_ALLOWED_HOSTS\)$/),
    });
  });

  it('has no such path: 404 in HTML', async () => {
    await expect(observeAt(`${mlflow.url}/tracking`)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/answered 404 .+ there is no such path/),
    });
  });
});
