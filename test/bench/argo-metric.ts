/** What Argo's analysis asks for: the p95 of the last 10 s of a release's requests, by its web provider. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { enter } from '../../local/cluster/node.ts';
import { findPart } from '../../local/process.ts';

/** Of the node's own loopback: nothing else there has it. */
const PORT = 19_095;
const TEMPLATE = 'p95';
/** Milliseconds. */
export const THRESHOLD = 250;

export interface Metric {
  close(): void;
}

/** @param node the cluster's name */
export async function metricIn(node: string, p95Of: (release: string) => number): Promise<Metric> {
  const part = findPart(node);
  if (!part) throw new Error(`cannot serve a metric: the node of cluster ${node} is not running`);
  const args = ['--no-warnings', join(import.meta.dirname, 'argo-p95.ts'), String(PORT)];
  const child: ChildProcess = spawn('nsenter', enter(part, { command: process.execPath, args }), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.on('message', ({ id, name }: { id: number; name: string }) => child.send({ id, p95: p95Of(name) }));
  return { close: () => child.disconnect() };
}

export const analysisTemplate = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: TEMPLATE },
  spec: {
    args: [{ name: 'release' }],
    metrics: [
      {
        name: 'p95',
        interval: '10s',
        failureLimit: 1,
        successCondition: `result <= ${THRESHOLD}`,
        provider: {
          web: {
            url: `http://127.0.0.1:${PORT}/{{args.release}}`,
            jsonPath: '{$.p95}',
            timeoutSeconds: 5,
          },
        },
      },
    ],
  },
};

/** In the background of every update, from its first step on. */
export const analysisOf = (release: string) => ({
  spec: {
    strategy: {
      canary: {
        analysis: {
          templates: [{ templateName: TEMPLATE }],
          args: [{ name: 'release', value: release }],
        },
      },
    },
  },
});
