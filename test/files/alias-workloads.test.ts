import { describe, expect, it } from '@jest/globals';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { anEnvironment, ENVIRONMENT, problems, SERVICE } from './texts.ts';

const SHOP = '{ kind: deployment, cluster: shop, namespace: ml, name: model-svc }';
const PODS = '{ port: 8080, path: /version, json: model.version }';
const CLUSTERS = `${ENVIRONMENT}clusters: { shop: { eks: prod-eu } }\n`;

/** The alias of the file, with these in place of what it says. */
const service = (reload = SHOP, served = PODS, more = '') =>
  SERVICE.replace(
    'served: "https://shop.example.com/version version"',
    `reload: ${reload}, served: ${served}`,
  ).replace(/^runbook/m, `${more}runbook`);
const problemsWith = (shop: string, text = CLUSTERS) => problems(anEnvironment({ shop }, { text }));
const aliasIn = (shop: string) => {
  const read = checkEnvironments([anEnvironment({ shop }, { text: CLUSTERS })]);
  return read.ok ? read.value[0]?.services[0]?.levers[1] : read.problems;
};

describe('an alias whose pods are restarted', () => {
  it('is read, and the pods that are asked are those that are restarted', () => {
    const pods = { kind: 'deployment', cluster: 'shop', namespace: 'ml', name: 'model-svc' };

    expect(aliasIn(service())).toEqual({
      kind: 'alias',
      name: 'champion',
      model: 'shop',
      alias: 'champion',
      cacheSeconds: 0,
      reload: pods,
      served: { pods, port: 8080, path: '/version', json: 'model.version' },
    });
  });

  it('may be read by pods of its own naming, also where a URL reloads it', () => {
    const pods = '{ kind: rollout, cluster: shop, namespace: ml, name: other }';
    const served = PODS.replace('{ ', `{ pods: ${pods}, `);

    expect(aliasIn(service('https://shop.example.com/reload', served))).toMatchObject({
      reload: 'https://shop.example.com/reload',
      served: { pods: { kind: 'rollout', name: 'other' } },
    });
  });

  it('may be read at a URL as before', () => {
    const served = '{ url: "https://shop.example.com/version", path: version }';

    expect(aliasIn(service(SHOP, served))).toMatchObject({
      reload: { kind: 'deployment' },
      served: { url: 'https://shop.example.com/version', path: 'version' },
    });
  });

  it.each([
    [
      'kind: deployment',
      'kind: daemonset',
      'Cannot read "daemonset": word is unknown; expected one of deployment, rollout',
    ],
    ['name: model-svc', 'name: ../secrets', 'Cannot read "../secrets": not a name of a workload'],
    ['name: model-svc', 'name: "-x"', 'Cannot read "-x": not a name of a workload'],
    ['namespace: ml, ', '', 'key "namespace" is missing'],
    ['namespace: ml', 'namespace: Kube_System', 'Cannot read "Kube_System": not a namespace'],
    ['cluster: shop', 'cluster: stage', 'environment "prod" has no such cluster; expected one of shop'],
    ['port: 8080', 'port: 70000', 'not a port; expected a whole number from 1 to 65535'],
    ['port: 8080', 'port: http', 'Cannot read "http": not a port'],
    ['port: 8080, ', '', 'key "port" is missing; expected a whole number from 1 to 65535'],
    ['path: /version', 'path: version', 'Cannot read "version": not a path of a pod'],
    ['path: /version', 'path: /a/../../../secrets', 'not a path of a pod; expected a path such as /version'],
    ['path: /version', 'path: /%2e%2e/secrets', 'not a path of a pod'],
    ['path: /version', 'path: "/version?a=b"', 'not a path of a pod'],
    ['json: model.version', 'json: "$.version"', 'Cannot read "$.version": not a path into JSON'],
    [', json: model.version', ', jsn: model.version', 'key is unknown'],
  ])('F38: with %p as %p is refused, with its place', (from, to, words) => {
    const found = problemsWith(service().replace(from, to));

    expect(found[0]).toMatch(/^environments\/prod\/services\/shop\.yaml:6:\d+: /);
    expect(found.join('\n')).toContain(words);
  });

  it('is refused where nothing says whose pods are asked', () => {
    expect(problemsWith(service('https://shop.example.com/reload'))).toEqual([
      expect.stringMatching(
        /shop\.yaml:6:\d+: Cannot read "served": nothing says whose pods are asked; expected "pods: \{/,
      ),
    ]);
  });

  it('is refused with a number as reload', () => {
    expect(problemsWith(service('5'))[0]).toContain(
      'neither a URL nor a workload; expected a URL, or { kind: deployment',
    );
  });

  it('is refused beside a lever that puts the template of that Deployment back: a restart changes it', () => {
    const pods = '  pods: { kind: deployment, cluster: shop, namespace: ml, deployment: model-svc }\n';
    const other = pods.replace('deployment: model-svc', 'deployment: another');

    expect(problemsWith(service(SHOP, PODS, pods))[0]).toMatch(
      /shop\.yaml:6:\d+: Cannot read "model-svc": lever "pods" puts the template of this Deployment back, and a restart changes it/,
    );
    expect(problemsWith(service(SHOP, PODS, other)).join()).not.toContain('a restart changes it');
  });
});
