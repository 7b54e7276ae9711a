import * as z from 'zod/mini';
import { OutsideTrouble } from '../../core/errors.ts';
import type { FoundModel, Listed } from '../../core/estate.ts';
import { callMlflow, type MlflowServer, refusalOf } from '../levers/mlflow.ts';
import { pagesOf } from './pages.ts';

const PAGE = '100';
const MOST_PAGES = 20;

/** mlflow, protos/model_registry.proto, SearchRegisteredModels; what is empty is left out. */
const answer = z.object({
  registered_models: z._default(
    z.array(
      z.object({
        name: z.string(),
        aliases: z._default(
          z.array(z.object({ alias: z.string(), version: z.pipe(z.any(), z.transform(String)) })),
          [],
        ),
      }),
    ),
    [],
  ),
  next_page_token: z.optional(z.string()),
});

/** All registered models. */
export const listModels = (server: MlflowServer): Promise<Listed<FoundModel>> =>
  pagesOf(MOST_PAGES, async (token) => {
    const call = {
      action: 'read the registered models',
      path: 'registered-models/search',
      query: { max_results: PAGE, ...(token && { page_token: token }) },
    };
    const got = await callMlflow(server, call);
    if ('problem' in got) throw refusalOf(call, got.problem);
    const { success, data } = z.safeParse(answer, got.json);
    if (!success) throw new OutsideTrouble(`Cannot ${call.action}: the answer is not as MLflow writes it`);
    const items = data.registered_models.map(({ name, aliases }) => ({
      name,
      aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
    }));
    return { items, next: data.next_page_token };
  });
