import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { requireGo } from '../../local/cluster/build.ts';
import { bareEnvironment, run } from '../../local/cluster/command.ts';
import { requireDebianPackages } from '../../local/cluster/debian.ts';
import { currentCluster } from '../../local/cluster/given.ts';
import { imageArchive } from '../../local/cluster/image.ts';
import { apiService, nodeAddress, podRange } from '../../local/cluster/place.ts';
import { tar } from '../../local/cluster/tar.ts';
import { MissingPrerequisite } from '../../local/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The files of an archive, read by somebody else's reader. */
async function unpacked(archive: Buffer, file: string): Promise<Buffer> {
  const path = join(folder, `${sha256(archive).slice(7, 20)}.tar`);
  writeFileSync(path, archive);
  return Buffer.from(await run('tar', ['-xOf', path, file]));
}

describe('an image made without a registry', () => {
  const layer = tar([
    { path: 'app', folder: true },
    { path: 'app/model.ts', content: Buffer.from('hello') },
  ]);
  const tag = (version: string) => ({
    name: `localhost/m:${version}`,
    command: ['/a'],
    env: [`VERSION=${version}`],
  });
  const archive = imageArchive(layer, [tag('v1'), tag('v2')]);

  it('is an archive that tar reads', async () => {
    expect((await unpacked(layer, 'app/model.ts')).toString()).toBe('hello');
  });

  it('has a manifest and a digest of its own for every tag, over one and the same layer', async () => {
    const index = JSON.parse((await unpacked(archive, 'index.json')).toString());
    const digests = index.manifests.map(({ digest }: { digest: string }) => digest);
    expect(new Set(digests).size).toBe(2);

    const layers = new Set<string>();
    for (const digest of digests) {
      const manifest = await unpacked(archive, `blobs/${digest.replace(':', '/')}`);
      expect(sha256(manifest)).toBe(digest);
      layers.add(JSON.parse(manifest.toString()).layers[0].digest);
    }
    expect([...layers]).toEqual([sha256(layer)]);
  });

  it('is the same to the byte when it is made again', () => {
    expect(imageArchive(layer, [tag('v1'), tag('v2')]).equals(archive)).toBe(true);
  });

  it('refuses a path that the format cannot hold', () => {
    const path = 'x'.repeat(101);
    expect(() => tar([{ path, content: Buffer.alloc(0) }])).toThrow(`cannot put ${path} into an archive`);
  });
});

describe('two clusters on one machine', () => {
  it('share no address', () => {
    const [one, two] = [0, 1].map((index) => ({ name: `c${index}`, index, folder }));
    const all = [one, two].flatMap(
      (place) => place && [nodeAddress(place), podRange(place), apiService(place)],
    );
    expect(new Set(all).size).toBe(6);
  });
});

describe('a kubeconfig that somebody gave', () => {
  const file = (current: string) => {
    const path = join(folder, `${current}.kubeconfig`);
    const clusters = ['a', 'b'].map((name) => ({
      name,
      cluster: { server: `https://${name}.test`, 'certificate-authority-data': `ca-${name}` },
    }));
    const contexts = ['a', 'b'].map((name) => ({ name: `in-${name}`, context: { cluster: name } }));
    writeFileSync(path, JSON.stringify({ clusters, contexts, 'current-context': current }));
    return path;
  };

  it('leads to the cluster of its current context', () => {
    expect(currentCluster(file('in-b'))).toEqual({ server: 'https://b.test', caData: 'ca-b' });
  });

  it('may keep its authority in a file of its own, as minikube does', () => {
    const path = join(folder, 'minikube.kubeconfig');
    writeFileSync(join(folder, 'ca.crt'), 'PEM');
    const cluster = { server: 'https://m.test', 'certificate-authority': 'ca.crt' };
    const contexts = [{ name: 'm', context: { cluster: 'm' } }];
    const config = { clusters: [{ name: 'm', cluster }], contexts, 'current-context': 'm' };
    writeFileSync(path, JSON.stringify(config));
    expect(currentCluster(path).caData).toBe(Buffer.from('PEM').toString('base64'));
  });

  it('is refused when it is no file', () => {
    expect(() => currentCluster('/nowhere')).toThrow('KUBECONFIG is /nowhere, and there is no such file');
  });

  it('is refused when its context leads nowhere, with what to do', () => {
    expect(() => currentCluster(file('gone'))).toThrow(
      /current context \(gone\) leads to no cluster.*use-context/,
    );
  });
});

describe('where something is missing', () => {
  const wanted = 'name a cluster of your own';

  it('a Go that is too old, or none, is told in one sentence', () => {
    expect(() => requireGo('go1.25.9')).toThrow(/built with Go 1\.26 or newer and found go1\.25\.9: install/);
    expect(() => requireGo('')).toThrow(wanted);
    expect(() => requireGo('go1.26.1')).not.toThrow();
    expect(() => requireGo('go1.27rc1')).not.toThrow();
  });

  it('a user who is not root is told what to do, and nothing is installed', async () => {
    const getuid = process.getuid;
    process.getuid = () => 1000;
    const said: string[] = [];
    try {
      const asked = requireDebianPackages((line) => void said.push(line));
      await expect(asked).rejects.toThrow(/run this command as root on Linux, or name a cluster of your own/);
      await expect(asked).rejects.toBeInstanceOf(MissingPrerequisite);
    } finally {
      process.getuid = getuid as () => number;
    }
    expect(said).toEqual([]);
  });
});

describe('a program that the rig runs', () => {
  it('gets its arguments as they are: no shell reads them', async () => {
    expect(await run('printf', ['%s', '$(id); `id` "'])).toBe('$(id); `id` "');
  });

  it('sees no proxy and no kubeconfig of the user', () => {
    process.env['HTTPS_PROXY'] ??= '';
    process.env['KUBE_TEST'] = 'x';
    const names = Object.keys(bareEnvironment());
    delete process.env['KUBE_TEST'];
    // npm has settings of its own whose names end otherwise (npm_config_noproxy).
    expect(names.filter((name) => /_proxy$|^KUBE/i.test(name))).toEqual([]);
  });

  it('that fails says what it wrote', async () => {
    await expect(run('ls', ['/nowhere'])).rejects.toThrow(/cannot run ls \/nowhere: .*No such file/);
  });

  it('that fails tells no token', async () => {
    const error = await run('false', ['--token=k8s-aws-v1.abc']).catch((caught: Error) => caught.message);
    expect(error).toContain('cannot run false --token=...:');
    expect(error).not.toContain('abc');
  });
});
