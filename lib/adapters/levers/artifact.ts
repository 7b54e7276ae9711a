import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { jsonOf } from '../http.ts';
import { askMlflow, callMlflow, LaterError, type MlflowServer, refusalOf } from './mlflow.ts';
import type { ModelVersion } from './model-registry.ts';

/** What makes the artifact of a version. Absent parts are those its kind of source does not show. */
interface Artifact {
  readonly mlmodel?: string;
  /** Paths and sizes, sorted. */
  readonly files?: readonly (readonly [string, number])[];
}

/** `gone`: the registry knows the version, its logged model or MLmodel file is deleted. `unknown`: nobody can look. */
export type Digest = { readonly digest: string } | 'gone' | 'unknown';

/**
 * sha256 in hex over name, version, run id and source of a version, its MLmodel file and the sorted list of its
 * artifact paths and sizes. Which parts it covers depends on the source alone, never on the day:
 * a logged model (`models:/m-...`) or a folder of its run: all of it;
 * any other source (such as `s3://` without a run that MLflow knows), which it cannot list: the first four.
 * Where the server should be able to look and cannot (500 each time: it has no access to the store; or it has no
 * such path: another product) there is no digest at all, rather than a different one.
 */
export async function digestOf(server: MlflowServer, version: ModelVersion): Promise<Digest> {
  try {
    const artifact = await artifactOf(server, version);
    return artifact === 'gone' ? 'gone' : { digest: hashOf(version, artifact) };
  } catch (error) {
    if (error instanceof Gone) return 'gone';
    if (error instanceof LaterError && error.status === 500) return 'unknown';
    if (error instanceof NoSuchPath) return 'unknown';
    throw error;
  }
}

class NoSuchPath extends OutsideTrouble {}
class Gone extends OutsideRefusal {}

async function artifactOf(server: MlflowServer, version: ModelVersion): Promise<Artifact | 'gone'> {
  const list = await listerOf(server, version);
  if (!list) return {};
  const mlmodel = await mlmodelOf(server, version);
  return mlmodel === undefined ? 'gone' : { mlmodel, files: await allFiles(list) };
}

function hashOf(
  { name, version, run_id = '', source = '' }: ModelVersion,
  { mlmodel, files }: Artifact,
): string {
  const parts = [name, version, run_id, source, mlmodel ?? null, files ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Lists one folder of an artifact, `''` being its root; paths are from that root on. */
type List = (folder: string) => Promise<readonly FileInfo[]>;

/** How this source is listed, or nothing when it is not. */
async function listerOf(server: MlflowServer, version: ModelVersion): Promise<List | undefined> {
  const loggedModel = /^models:\/(m-[\w-]+)$/.exec(version.source ?? '')?.[1];
  if (loggedModel) {
    const path = `logged-models/${loggedModel}/artifacts/directories`;
    return async (folder) =>
      (await listing(server, path, folder && { artifact_directory_path: folder })).files;
  }
  if (!version.run_id || !version.source) return undefined;
  return runLister(server, version.source, version.run_id);
}

async function runLister(server: MlflowServer, source: string, run_id: string): Promise<List | undefined> {
  const root = await rootOf(server, run_id);
  if (root === undefined || !source.startsWith(root)) return undefined;
  const base = source.slice(root.length).replace(/\/+$/, '');
  return async (folder) => {
    const path = folder ? `${base}/${folder}` : base;
    const { files } = await listing(server, 'artifacts/list', { run_id, path });
    return files.map((file) => ({ ...file, path: file.path.slice(base.length + 1) }));
  };
}

/** Where a run keeps its artifacts. MLflow registers a version under any run id, also one it does not know. */
async function rootOf(server: MlflowServer, run_id: string): Promise<string | undefined> {
  try {
    const { root_uri } = await listing(server, 'artifacts/list', { run_id });
    return `${root_uri.replace(/\/+$/, '')}/`;
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

const fileInfo = z.object({
  path: z.string(),
  is_dir: z.optional(z.boolean()),
  file_size: z.optional(z.pipe(z.union([z.number(), z.string()]), z.transform(Number))),
});
type FileInfo = z.infer<typeof fileInfo>;

/** MLflow leaves `files` out when there are none. */
const listed = z.object({ root_uri: z._default(z.string(), ''), files: z._default(z.array(fileInfo), []) });

async function listing(server: MlflowServer, path: string, query: Record<string, string> | '') {
  const call = { action: `list artifacts at "${path}"`, path, query: query || {} };
  const answer = await callMlflow(server, call);
  if ('problem' in answer && answer.problem.code === 'RESOURCE_DOES_NOT_EXIST') {
    throw new Gone(`Cannot ${call.action}: it is deleted`);
  }
  if ('problem' in answer) throw refusalOf(call, answer.problem);
  const parsed = z.safeParse(listed, answer.json);
  if (!parsed.success) throw new OutsideTrouble(`Cannot ${call.action}: the answer is no list of files`);
  return parsed.data;
}

/** Folders of a model are few; what is deeper or wider is cut at the same place every time. */
const MOST_FOLDERS = 50;

async function allFiles(list: List): Promise<(readonly [string, number])[]> {
  const files: [string, number][] = [];
  const folders = [''];
  for (let n = 0; n < folders.length && n < MOST_FOLDERS; n += 1) {
    const found = [...(await list(folders[n] ?? ''))].sort(byPath);
    folders.push(...found.filter((f) => f.is_dir).map((f) => f.path));
    files.push(...found.filter((f) => !f.is_dir).map((f): [string, number] => [f.path, f.file_size ?? 0]));
  }
  return files.sort(([a], [b]) => (a < b ? -1 : 1));
}

const byPath = (a: FileInfo, b: FileInfo): number => (a.path < b.path ? -1 : 1);

/** The MLmodel file, or nothing when the store has none. */
async function mlmodelOf(server: MlflowServer, { name, version }: ModelVersion): Promise<string | undefined> {
  const action = `read the MLmodel file of version "${version}" of model "${name}"`;
  const path = '/model-versions/get-artifact';
  const answer = await askMlflow(server, { action, path, query: { name, version, path: 'MLmodel' } });
  if (answer.status === 200 && !answer.contentType.startsWith('text/html')) return answer.text;
  const says = answer.contentType.startsWith('application/json')
    ? jsonOf(server.mlflow.url, answer)
    : undefined;
  if (z.safeParse(z.object({ error_code: z.literal('RESOURCE_DOES_NOT_EXIST') }), says).success)
    return undefined;
  throw new NoSuchPath(`Cannot ${action}: the server answered ${answer.status} ${answer.contentType}`);
}
