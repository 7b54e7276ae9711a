import { describe, expect, it } from '@jest/globals';
import { folderWith, rbac, rightsOf } from './cluster-rights.ts';

const alias = (kind: string) =>
  `  champion: { kind: alias, model: shop, alias: champion, reload: { kind: ${kind}, cluster: shop, namespace: shop, name: model }, served: { port: 80, path: /version, json: v } }`;

describe('reinstate cluster rbac, for pods that load an alias', () => {
  it('lets apply-alias restart what loads it and ask its pods, and readers ask them', async () => {
    const cwd = folderWith([alias('deployment')]);
    const asked = ['/pods list', '/pods/proxy get'];

    expect(await rightsOf(cwd, 'reinstate-prod-alias')).toEqual([...asked, 'apps/deployments get,patch']);
    expect(await rightsOf(cwd, 'reinstate-prod-reader')).toEqual([...asked, 'apps/deployments get']);
    expect(await rightsOf(folderWith([alias('rollout')]), 'reinstate-prod-alias')).toEqual([
      ...asked,
      'argoproj.io/rollouts get,patch',
    ]);
    expect((await rbac(cwd)).out).toContain(
      '"get pods/proxy" reaches every port of every pod of this namespace',
    );
  });

  it('lets apply-alias list the pods of a Rollout that it restarts, and ask none, where a URL says what is served', async () => {
    const served = 'served: "https://shop.example.com/version v"';
    const byUrl = (kind: string) => folderWith([alias(kind).replace(/served: .+\}$/, `${served} }`)]);

    expect(await rightsOf(byUrl('rollout'), 'reinstate-prod-alias')).toEqual([
      '/pods list',
      'argoproj.io/rollouts get,patch',
    ]);
    expect(await rightsOf(byUrl('deployment'), 'reinstate-prod-alias')).toEqual([
      'apps/deployments get,patch',
    ]);
    expect(await rightsOf(byUrl('rollout'), 'reinstate-prod-reader')).toEqual([]);
  });
});
