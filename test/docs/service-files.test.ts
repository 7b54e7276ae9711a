/** What the docs quote of service files can be read, once the parts that they leave out are there. */
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { allBlocks, pagesUnder, readPage } from '../../tools/doc-blocks.ts';
import { anEnvironment, problems } from '../files/texts.ts';

const PARTS = ['signals', 'levers', 'runbook', 'policy'] as const;

/** docs/policy.md has a test of its own. */
const quoted = pagesUnder('.')
  .filter((page) => page !== 'docs/policy.md')
  .flatMap((page) => allBlocks(page, readPage('.', page)))
  .filter(({ language, text }) => ['', 'yaml'].includes(language) && isPart(text))
  .map(({ page, line, text }) => [`${page}:${line}`, text] as const);

function isPart(text: string): boolean {
  return new RegExp(`^(${PARTS.join('|')}|when):`).test(text);
}

const ENVIRONMENT = `account: "111122223333"
region: eu-west-1
mlflow: { url: https://mlflow.example.com }
clusters: { main: { eks: main }, shop: { eks: shop } }
`;

const SIGNALS = `signals:
  latency: { metric: { namespace: Shop, name: latency }, statistic: p95, period: 10 s, unit: ms }
  error-ratio: { metric: { namespace: Shop, name: errors }, statistic: Average, period: 10 s, unit: ratio }
  auc: { metric: { namespace: Shop, name: auc }, statistic: Average, period: 10 s, unit: ratio }
  backlog: { metric: { namespace: Shop, name: backlog }, statistic: Maximum, period: 10 s, unit: count }
`;

const RUNBOOK = 'runbook: { call: [{ kind: email, to: oncall@example.com }] }\n';

/** Every lever that the quoted lines pull, as some kind that has the verb. */
const leversFor = (text: string): string => {
  const pulled = [...text.matchAll(/(?:do:\s+|then |and )([a-z-]+) (off|back)/g)].map(([, name, verb]) =>
    verb === 'off'
      ? `  ${name}: { kind: flag, parameter: /shop/${name}, safe: "false", cache: 5 s }`
      : `  ${name}: { kind: helm, cluster: main, namespace: shop, release: ${name} }`,
  );
  return `levers:\n${pulled.join('\n') || '  flag: { kind: flag, parameter: /shop/flag, safe: "false", cache: 5 s }'}\n`;
};

function policyFor(levers: unknown): string {
  const [[name, lever] = ['flag', {}]] = Object.entries((levers ?? {}) as Record<string, { kind?: string }>);
  const verb = lever.kind === 'flag' || lever.kind === undefined ? 'off' : 'back';
  return `policy:\n  when: latency > 250 ms for 3 of 5\n  do: ${name} ${verb}\n  verify: latency < 250 ms for 6\n`;
}

/** The parts that are quoted, and usual ones for the others. */
function whole(text: string): string {
  const body = /^when:/.test(text) ? `policy:\n${text.replace(/^/gm, '  ')}` : text;
  const said = body.replaceAll('https://...', 'https://shop.example.com');
  const has = (parse(said) ?? {}) as Record<string, unknown>;
  const levers = 'levers' in has ? '' : leversFor(said);
  return [
    said.trimEnd(),
    '\n',
    ...('signals' in has ? [] : [SIGNALS]),
    levers,
    ...('runbook' in has ? [] : [RUNBOOK]),
    ...('policy' in has
      ? []
      : [policyFor(has['levers'] ?? (parse(levers) as Record<string, unknown>)['levers'])]),
  ].join('');
}

describe('a service file that the docs quote', () => {
  it('is quoted on the pages of levers, and where a service is described', () => {
    const pages = quoted.map(([where]) => where.replace(/:\d+$/, ''));

    expect(pages).toEqual(
      expect.arrayContaining(['docs/deploy.md', 'docs/levers/git.md', 'docs/channels.md']),
    );
    expect(quoted.length).toBeGreaterThanOrEqual(15);
  });

  it.each(quoted)('%s can be read', (_, text) => {
    expect(problems(anEnvironment({ shop: whole(text) }, { text: ENVIRONMENT }))).toEqual([]);
  });
});
