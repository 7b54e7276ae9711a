import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolesFor } from '../../../lib/cli/cluster-roles.ts';
import type { HelmLever } from '../../../lib/core/service.ts';

/** What a release of a test has beside its Deployment; it wants no pods unless it says so. */
export interface ChartValues {
  readonly image: string;
  readonly replicas?: number;
  /** A Rollout `<release>`, and a Service whose selector its controller writes. */
  readonly rollout?: boolean;
  /** An object of the kind that `WIDGETS` defines, with the image in it. */
  readonly widget?: boolean;
  /** An environment variable, as what changes beside images. */
  readonly setting?: string;
}

const TEMPLATE = `
template:
  metadata:
    labels: { app: {{ .Release.Name }} }
  spec:
    terminationGracePeriodSeconds: 0
    containers:
      - name: web
        image: {{ .Values.image | quote }}
        imagePullPolicy: Never
        env: [{ name: SETTING, value: {{ .Values.setting | quote }} }]
`;
const indented = TEMPLATE.trim().replaceAll('\n', '\n  ');

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  ${indented}
`;

const ROLLOUT = `{{- if .Values.rollout }}
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec:
  selector: { app: {{ .Release.Name }} }
  ports: [{ port: 80 }]
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: 0
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  strategy: { canary: {} }
  ${indented}
{{- end }}
`;

const WIDGET = `{{- if .Values.widget }}
apiVersion: helm-test.example.com/v1
kind: Widget
metadata: { name: {{ .Release.Name }} }
spec: { image: {{ .Values.image | quote }} }
{{- end }}
`;

/** A kind that a cluster may learn of while it runs. */
export const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.helm-test.example.com' },
  spec: {
    group: 'helm-test.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { image: { type: 'string' } } } },
          },
        },
      },
    ],
  },
};

/** Writes the chart. @returns its folder */
export function chartIn(folder: string): string {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'values.yaml': 'image: ""\nreplicas: 0\nrollout: false\nwidget: false\nsetting: ""\n',
    'templates/deployment.yaml': DEPLOYMENT,
    'templates/rollout.yaml': ROLLOUT,
    'templates/widget.yaml': WIDGET,
  };
  mkdirSync(join(folder, 'templates'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export const valuesFor = (values: ChartValues): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** As `reinstate cluster rbac` gives them to the Helm function. */
export function leverRules(lever: HelmLever): unknown[] {
  const asked = {
    environment: 'test',
    levers: [lever],
    kinds: ['helm-test.example.com/widgets'],
    workloadRef: false,
  };
  return rolesFor(asked).flatMap(({ part, rules }) => (part === 'helm' ? [...rules] : []));
}

/** May write revisions, and no object. */
export const WEAK_RULES = [
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'update'] },
];
