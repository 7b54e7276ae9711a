import { describe, expect, it } from '@jest/globals';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { anEnvironment, ENVIRONMENT, problems, SERVICE } from './texts.ts';

const CA = 'LS0tLS1CRUdJTg==';
const CLUSTERS = `clusters:
  shop: { eks: prod-eu }
`;
const LEVERS = `  canary: { kind: rollout, cluster: shop, namespace: ml, rollout: model-svc, cache: 20 s }
  pods: { kind: deployment, cluster: shop, namespace: ml, deployment: model-pods, cache: 90 s }
  release: { kind: helm, cluster: shop, namespace: ml, release: model-svc }
`;
const service = (from = '', to = '') =>
  SERVICE.replace(/^runbook/m, `${LEVERS.replace(from, () => to)}runbook`);
const environment = (clusters = CLUSTERS) => ENVIRONMENT + clusters;
const problemsWith = (shop: string, text = environment()) => problems(anEnvironment({ shop }, { text }));

describe('levers of a cluster', () => {
  it('are read with their defaults', () => {
    const read = checkEnvironments([anEnvironment({ shop: service() }, { text: environment() })]);
    const files = read.ok ? read.value[0] : undefined;

    expect(files?.environment.clusters).toEqual({ shop: { eks: 'prod-eu' } });
    expect(files?.services[0]?.levers.slice(2)).toEqual([
      {
        kind: 'rollout',
        name: 'canary',
        cluster: 'shop',
        namespace: 'ml',
        rollout: 'model-svc',
        part: 'traffic',
        cacheSeconds: 20,
      },
      {
        kind: 'deployment',
        name: 'pods',
        cluster: 'shop',
        namespace: 'ml',
        deployment: 'model-pods',
        cacheSeconds: 90,
      },
      {
        kind: 'helm',
        name: 'release',
        cluster: 'shop',
        namespace: 'ml',
        release: 'model-svc',
        cacheSeconds: 0,
      },
    ]);
  });

  it.each([
    ['release: model-svc', 'release: "-x"', 'Cannot read "-x": not a release name'],
    ['release: model-svc', 'release: "a;rm"', 'Cannot read "a;rm": not a release name'],
    ['release: model-svc', 'release: "--kube-apiserver=evil"', 'not a release name'],
    ['release: model-svc', 'release: "../x"', 'Cannot read "../x": not a release name'],
    ['release: model-svc', `release: ${'a'.repeat(54)}`, 'not a release name'],
    ['namespace: ml', 'namespace: Kube_System', 'Cannot read "Kube_System": not a namespace'],
    ['namespace: ml', `namespace: ${'a'.repeat(300)}`, 'not a namespace'],
    ['rollout: model-svc', 'rollout: ../secrets', 'Cannot read "../secrets": not a name of a rollout'],
    ['deployment: model-pods', 'deployment: a;rm', 'Cannot read "a;rm": not a name of a deployment'],
    ['cluster: shop', 'cluster: stage', 'environment "prod" has no such cluster; expected one of shop'],
  ])('F38: with %p as %p is refused', (from, to, words) => {
    const [problem, ...others] = problemsWith(service(from, to));

    expect(problem).toMatch(/^environments\/prod\/services\/shop\.yaml:\d+:\d+: /);
    expect(problem).toContain(words);
    expect(others).toEqual([]);
  });

  it('need an environment that names the cluster', () => {
    expect(problemsWith(service(), ENVIRONMENT)[0]).toContain(
      'environment "prod" has no such cluster; expected "clusters: { <name>: { eks: ... } }" in environment.yaml',
    );
  });

  it('F56: two services cannot have one release, though they call its cluster by other names', () => {
    const other = service().replaceAll('cluster: shop', 'cluster: same').replaceAll('shop', 'desk');
    const text = environment(`${CLUSTERS}  same: { eks: prod-eu }\n`);
    const all = problems(anEnvironment({ shop: service(), desk: other }, { text }));

    expect(all.join('\n')).toContain('Helm release "model-svc" in namespace "ml" is also that of');
    expect(all.join('\n')).toContain('Deployment "model-pods" in namespace "ml" is also that of');
    expect(all.join('\n')).toContain('Rollout "model-svc" in namespace "ml" is also that of');
  });
});

describe('a cluster', () => {
  it.each([
    ['{}', 'cluster cannot be reached; expected "eks", or all of "endpoint", "ca" and "secret"'],
    ['{ endpoint: "https://k8s.example.com" }', 'cluster cannot be reached'],
    [`{ eks: e, endpoint: "http://k8s.example.com", ca: ${CA} }`, 'URL is not encrypted'],
    ['{ eks: "-x" }', 'not a name of an EKS cluster'],
    ['{ eks: e, ca: "-----BEGIN" }', 'not a certificate'],
    [`{ eks: e, ca: '${'$'}{cluster-ca}' }`, `placeholder "${'$'}{cluster-ca}" has no value`],
  ])('written as %p is refused', (written, words) => {
    expect(problemsWith(service(), environment(`clusters: { shop: ${written} }\n`)).join('\n')).toContain(
      words,
    );
  });

  it('that is not EKS names its endpoint, its certificate and a secret', () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-token-AbCdEf';
    const written = `{ endpoint: "https://k8s.example.com/", ca: ${CA}, secret: "${secret}" }`;

    expect(problemsWith(service(), environment(`clusters: { shop: ${written} }\n`))).toEqual([]);
  });
});
