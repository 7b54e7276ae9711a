/** docs/init.md prints what `reinstate init` prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anAlarm, aWorkload, proposed } from '../files/proposal/an-estate.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/init.md'), 'utf8');

/** The indented block below a heading. */
function blockBelow(heading: string): string {
  const [, below = ''] = page.split(`\n## ${heading}\n`);
  const lines = below.split(/\n(?=## )/)[0]?.split('\n') ?? [];
  return lines
    .filter((line) => line === '' || line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n')
    .trim();
}

describe('the example of docs/init.md', () => {
  it('is what the command makes of such an estate', () => {
    const { text, problems } = proposed(
      {
        alarms: [
          anAlarm(),
          {
            kind: 'other',
            name: 'churn-any',
            why: 'it is a composite alarm; name the alarms that it is made of',
          },
        ],
        parameters: [{ kind: 'secret', name: '/shop/churn/token' }],
        workloads: [aWorkload({ owner: { kind: 'argocd', application: 'churn' } })],
        applications: [
          {
            cluster: 'main',
            namespace: 'argocd',
            name: 'churn',
            source: {
              repository: 'https://git.example.com/shop/deploy.git',
              revision: 'main',
              path: 'churn',
            },
            auto: true,
            selfHeal: true,
          },
        ],
      },
      {
        head: [
          'Proposed from what stands there, by: npx reinstate init churn --env prod',
          'Answer and delete the questions; then: npx reinstate validate',
        ],
      },
    );

    expect(problems).toEqual([]);
    expect(blockBelow('An example').split('\n')).toEqual(text.trim().split('\n'));
  });
});
