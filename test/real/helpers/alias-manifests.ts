import type { Workload } from '../../../lib/core/alias-pods.ts';

export const configMap = (name: string, champion: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { champion },
});

const container = (env: readonly unknown[]) => ({
  name: 'model',
  image: 'localhost/model-svc:v1',
  imagePullPolicy: 'Never',
  env,
});

export const deafPod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${name}-deaf`, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, containers: [container([{ name: 'PORT', value: '9999' }])] },
});

export const manifestOf = ({ kind, name }: Workload) => ({
  apiVersion: kind === 'rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
  kind: kind === 'rollout' ? 'Rollout' : 'Deployment',
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    ...(kind === 'rollout' && { strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } } }),
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            ...container([{ name: 'VERSION', valueFrom: { configMapKeyRef: { name, key: 'champion' } } }]),
            readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});
