/** OCI images without a registry or a builder: one archive with one layer and a tag for each version. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { cachePath, sourcePath } from '../paths.ts';
import { run } from './command.ts';
import { type TarEntry, tar } from './tar.ts';

/** Image `localhost/model-svc`: each tag answers with its own version, from VERSION in its image's environment. */
export const MODEL_TAGS = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9'] as const;
export const MODEL_IMAGE = 'localhost/model-svc';
export const PAUSE_IMAGE = 'localhost/pause:local';

interface Tag {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly string[];
}

/** The archives to import, made once: our sources, this Node and the libraries that it loads. */
export async function images(pause: string): Promise<string[]> {
  return [await modelImage(), pauseImage(pause)];
}

async function modelImage(): Promise<string> {
  const folder = sourcePath('cluster', 'service');
  const sources = readdirSync(folder).map((name) => ({ from: join(folder, name), to: `app/${name}` }));
  const key = createHash('sha256').update(process.version);
  for (const { from, to } of sources) key.update(to).update(readFileSync(from));
  const files = [...sources, { from: process.execPath, to: 'bin/node' }, ...(await libraries())];
  return archived(`model-svc-${key.digest('hex').slice(0, 16)}`, files, MODEL_TAGS.map(modelTag));
}

const modelTag = (version: string): Tag => ({
  name: `${MODEL_IMAGE}:${version}`,
  command: ['/bin/node', '/app/model.ts'],
  env: [`VERSION=${version}`],
});

const pauseImage = (binary: string): string =>
  archived(
    `pause-${createHash('sha256').update(readFileSync(binary)).digest('hex').slice(0, 16)}`,
    [{ from: binary, to: 'pause' }],
    [{ name: PAUSE_IMAGE, command: ['/pause'], env: [] }],
  );

/** The shared libraries of this Node, at the very paths where it looks for them. */
async function libraries(): Promise<File[]> {
  const loaded = (await run('ldd', [process.execPath])).matchAll(/(?:=> )?(\/\S+) \(0x/g);
  return [...loaded].map(([, path = '']) => ({ from: path, to: path.slice(1) }));
}

interface File {
  readonly from: string;
  readonly to: string;
}

function archived(key: string, files: readonly File[], tags: readonly Tag[]): string {
  const home = cachePath('cluster', `${key}.tar`);
  if (existsSync(home)) return home;
  const fresh = `${home}.${process.pid}`;
  writeFileSync(fresh, imageArchive(layerOf(files), tags));
  renameSync(fresh, home);
  return home;
}

function layerOf(files: readonly File[]): Buffer {
  const folders = new Set(['etc', ...files.flatMap(({ to }) => parentsOf(to))]);
  const entries: TarEntry[] = [...folders].map((path) => ({ path, folder: true }));
  entries.push({ path: 'tmp', folder: true, mode: 0o1777 });
  for (const { from, to } of files) entries.push({ path: to, content: readFileSync(from) });
  return tar(entries);
}

const parentsOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
};

/** An OCI layout that `ctr images import` takes; the layer stays uncompressed: it is read once, from this disk. */
export function imageArchive(layer: Buffer, tags: readonly Tag[]): Buffer {
  const blobs = new Map<string, Buffer>();
  const add = (mediaType: string, content: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  };
  const layerAt = add(`${OCI}.layer.v1.tar`, layer);
  const manifests = tags.map((tag) => {
    const config = add(`${OCI}.config.v1+json`, json(configOf(tag, layerAt.digest)));
    const manifest = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers: [layerAt] };
    return {
      ...add(`${OCI}.manifest.v1+json`, json(manifest)),
      annotations: { 'io.containerd.image.name': tag.name },
    };
  });
  return tar([
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json({ schemaVersion: 2, manifests }) },
    ...[...blobs].map(([digest, content]) => ({ path: `blobs/${digest.replace(':', '/')}`, content })),
  ]);
}

const OCI = 'application/vnd.oci.image';

const configOf = ({ command, env }: Tag, layer: string) => ({
  architecture: arch() === 'x64' ? 'amd64' : arch(),
  os: 'linux',
  config: { Entrypoint: command, Env: ['PATH=/bin', ...env] },
  rootfs: { type: 'layers', diff_ids: [layer] },
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
