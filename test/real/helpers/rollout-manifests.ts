/** How a Rollout of a test differs from a canary behind an nginx Ingress, which needs no kinds of its own. */
export interface Variant {
  readonly strategy?: (name: string) => Record<string, unknown>;
  /** Beside template and strategy. */
  readonly spec?: Record<string, unknown>;
  /** The version whose pods never become ready. */
  readonly broken?: string;
  /** The version whose pods are ready when a test says so. */
  readonly gated?: string;
  /** The template stands in a Deployment. */
  readonly referred?: boolean;
}

/** A condition of pods that nobody but a test sets. */
export const GATE = 'test/ready';

const STEPS = [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];
export const trafficRouted = (name: string, over: Record<string, unknown> = {}) => ({
  canary: {
    canaryService: `${name}-canary`,
    stableService: `${name}-stable`,
    trafficRouting: { nginx: { stableIngress: name } },
    abortScaleDownDelaySeconds: 1,
    steps: STEPS,
    ...over,
  },
});
export const BASIC = { canary: { steps: STEPS } };
/** `analysed`: it switches by itself, and is not stable before an analysis has ended, which it never does. */
export const blueGreen = (name: string, { analysed = false } = {}) => ({
  blueGreen: {
    activeService: `${name}-stable`,
    previewService: `${name}-canary`,
    autoPromotionEnabled: analysed,
    scaleDownDelaySeconds: 1,
    ...(analysed && { postPromotionAnalysis: { templates: [{ templateName: ENDLESS }] } }),
  },
});

const ENDLESS = 'endless';
const endless = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: ENDLESS },
  spec: {
    metrics: [
      {
        name: 'ok',
        interval: '1s',
        count: 100_000,
        successCondition: 'true',
        provider: { web: { url: 'http://127.0.0.1:1/', timeoutSeconds: 1 } },
        consecutiveErrorLimit: 100_000,
      },
    ],
  },
};

/** The Rollout is the last of them. */
export function objectsFor(name: string, version: string, variant: Variant = {}): unknown[] {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(version, variant) };
  const ref = { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } };
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: (variant.strategy ?? trafficRouted)(name),
      ...(variant.referred ? ref : { template }),
      ...variant.spec,
    },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  };
  return [
    service(name, 'stable'),
    service(name, 'canary'),
    ingress(name),
    endless,
    ...(variant.referred ? [deployment] : []),
    rollout,
  ];
}

const podSpec = (version: string, { broken, gated }: Variant) => ({
  terminationGracePeriodSeconds: 0,
  ...(gated === version && { readinessGates: [{ conditionType: GATE }] }),
  containers: [
    {
      name: 'model',
      image: `localhost/model-svc:${version}`,
      imagePullPolicy: 'Never',
      ...(broken === version && { readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } }),
    },
  ],
});

const service = (name: string, kind: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `${name}-${kind}` },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
});

const ingress = (name: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec: {
    ingressClassName: 'nginx',
    rules: [{ host: `${name}.test`, http: { paths: [path(`${name}-stable`)] } }],
  },
});

const path = (name: string) => ({
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name, port: { number: 80 } } },
});

const RBAC = 'rbac.authorization.k8s.io';

/** Of the lever what docs/levers/rollout.md says, of a person all. */
export function role(namespace: string): unknown[] {
  const lever = [
    { apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get', 'patch'] },
    { apiGroups: ['argoproj.io'], resources: ['rollouts/status'], verbs: ['patch'] },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
  ];
  const all = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  return [...bound('lever', namespace, lever), ...bound('person', namespace, all)];
}

/** An account with these rights in a namespace. */
export const bound = (name: string, namespace: string, rules: unknown[]): unknown[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name }, rules },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
];
