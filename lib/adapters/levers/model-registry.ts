import * as z from 'zod/mini';
import { OutsideTrouble } from '../../core/errors.ts';
import { callMlflow, type MlflowServer, refusalOf } from './mlflow.ts';

/** What MLflow's registry tells about a version; fields that are empty there may be absent. */
const modelVersion = z.object({
  name: z.string(),
  version: z.pipe(z.union([z.string(), z.number()]), z.transform(String)),
  status: z.optional(z.string()),
  run_id: z.optional(z.string()),
  source: z.optional(z.string()),
  tags: z.optional(z.array(z.object({ key: z.string(), value: z.optional(z.string()) }))),
});
export type ModelVersion = z.infer<typeof modelVersion>;

const aliasPath = 'registered-models/alias';

export interface AliasTarget {
  readonly model: string;
  readonly alias: string;
}

/** The version an alias names, or nothing. @throws OutsideRefusal when there is no such model. */
export async function versionAt(
  server: MlflowServer,
  target: AliasTarget,
): Promise<ModelVersion | undefined> {
  const { model: name, alias } = target;
  const call = {
    action: `read alias "${alias}" of model "${name}"`,
    path: aliasPath,
    query: { name, alias },
  };
  const answer = await callMlflow(server, call);
  if ('json' in answer) return versionIn(call.action, answer.json);
  const { code, message } = answer.problem;
  // An alias that is not set is a bad parameter to MLflow (400), not a missing resource.
  if (code === 'INVALID_PARAMETER_VALUE' && /alias .* not found/i.test(message)) return undefined;
  throw refusalOf(call, answer.problem);
}

/** A version by its number, or nothing when there is none. */
export async function versionOf(server: MlflowServer, name: string, version: string) {
  const call = {
    action: `read version "${version}" of model "${name}"`,
    path: 'model-versions/get',
    query: { name, version },
  };
  const answer = await callMlflow(server, call);
  if ('json' in answer) return versionIn(call.action, answer.json);
  const { code } = answer.problem;
  // A text that is no number cannot be a version either (400).
  if (code === 'RESOURCE_DOES_NOT_EXIST' || code === 'INVALID_PARAMETER_VALUE') return undefined;
  throw refusalOf(call, answer.problem);
}

function versionIn(action: string, json: unknown): ModelVersion {
  const parsed = z.safeParse(z.object({ model_version: modelVersion }), json);
  if (parsed.success) return parsed.data.model_version;
  throw new OutsideTrouble(`Cannot ${action}: the answer has no model version as MLflow writes it`);
}

/** A move that is sent again unseen may overwrite whoever moved the alias in between: the lever looks first (F19). */
const SENT_ONCE = { attempts: 1 } as const;

/** Points an alias at a version. The version goes as a text: a number is refused with 400. */
export async function setAlias(server: MlflowServer, { model: name, alias }: AliasTarget, version: string) {
  const action = `set alias "${alias}" of model "${name}" to version "${version}"`;
  await done(server, {
    ...SENT_ONCE,
    action,
    path: aliasPath,
    method: 'POST',
    json: { name, alias, version },
  });
}

/** Takes an alias away; one that is not there is gone already (200). */
export async function deleteAlias(server: MlflowServer, { model: name, alias }: AliasTarget) {
  const action = `delete alias "${alias}" of model "${name}"`;
  await done(server, { ...SENT_ONCE, action, path: aliasPath, method: 'DELETE', json: { name, alias } });
}

/** A tag of one version of a registered model. */
export interface VersionTag {
  readonly name: string;
  readonly version: string;
  readonly key: string;
  readonly value: string;
}

/** Writes it, over any that is there. */
export async function setTag(server: MlflowServer, tag: VersionTag, attempts = 3): Promise<void> {
  const action = `set tag "${tag.key}" of version "${tag.version}" of model "${tag.name}"`;
  await done(server, { action, path: 'model-versions/set-tag', method: 'POST', json: tag, attempts });
}

async function done(server: MlflowServer, call: Parameters<typeof callMlflow>[1]): Promise<void> {
  const answer = await callMlflow(server, call);
  if ('problem' in answer) throw refusalOf(call, answer.problem);
}
