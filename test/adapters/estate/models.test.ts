import { describe, expect, it } from '@jest/globals';
import { listModels } from '../../../lib/adapters/estate/models.ts';
import { mlflowServer } from '../../../lib/adapters/levers/mlflow.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { type Handle, json, serve } from '../serve.ts';

async function modelsOf(handle: Handle) {
  const url = await serve(handle);
  const armed = anArmedService([], { mlflow: { url }, insecureLocal: true });
  return listModels(mlflowServer(armed, { clock: memoryClock(0) }));
}

describe('registered models of an estate', () => {
  it('are read page after page, with and without aliases', async () => {
    const asked: (string | undefined)[] = [];
    const { items } = await modelsOf(({ url, method }, response) => {
      asked.push(`${method} ${url}`);
      const first = asked.length === 1;
      const aliases = [{ alias: 'champion', version: 7 }];
      json(
        response,
        first
          ? { registered_models: [{ name: 'churn', aliases }], next_page_token: 'a b' }
          : { registered_models: [{ name: 'ranker' }] },
      );
    });

    expect(items).toEqual([
      { name: 'churn', aliases: { champion: '7' } },
      { name: 'ranker', aliases: {} },
    ]);
    expect(asked).toEqual([
      'GET /api/2.0/mlflow/registered-models/search?max_results=100',
      'GET /api/2.0/mlflow/registered-models/search?max_results=100&page_token=a+b',
    ]);
  });

  it('are none in an empty registry', async () => {
    expect((await modelsOf((_, response) => json(response, {}))).items).toEqual([]);
  });

  it('that are no answer of MLflow are trouble', async () => {
    await expect(modelsOf((_, response) => json(response, { registered_models: 'x' }))).rejects.toThrow(
      'Cannot read the registered models: the answer is not as MLflow writes it',
    );
  });
});
