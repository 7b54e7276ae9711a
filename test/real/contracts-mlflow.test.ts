import { afterAll, afterEach, beforeAll } from '@jest/globals';
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
}, 180_000);

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

afterAll(() => mlflow?.stop());

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
