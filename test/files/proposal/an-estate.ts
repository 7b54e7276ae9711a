/** An estate around one service, and what is proposed for it. */
import type { FoundWorkload, MetricAlarm, Survey } from '../../../lib/core/estate.ts';
import { checkEnvironments, type EnvironmentSource } from '../../../lib/files/check-environments.ts';
import { readEnvironmentFile } from '../../../lib/files/environment-file.ts';
import { formatProblem } from '../../../lib/files/problem.ts';
import type { Wanted } from '../../../lib/files/proposal/draft.ts';
import { type Proposal, propose } from '../../../lib/files/proposal/propose.ts';
import { relatedTo } from '../../../lib/files/proposal/related.ts';
import { anEnvironment } from '../texts.ts';

export const ENVIRONMENT = `account: "111122223333"
region: eu-west-1
mlflow: { url: https://mlflow.example.com }
clusters: { main: { eks: main } }
paged: [{ kind: email, to: oncall@example.com }]
`;

export const anAlarm = (over: Partial<MetricAlarm> = {}): MetricAlarm => {
  const name = over.name ?? 'churn-latency';
  return {
    kind: 'metric',
    name,
    arn: `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`,
    metric: { namespace: 'Shop', name: 'latency', dimensions: { service: 'churn' } },
    statistic: 'p95',
    periodSeconds: 10,
    unit: 'Milliseconds',
    is: '>',
    threshold: 250,
    datapoints: 3,
    of: 5,
    missing: 'inconclusive',
    inAlarm: false,
    ...over,
  };
};

export const aWorkload = (over: Partial<FoundWorkload> = {}): FoundWorkload => ({
  cluster: 'main',
  namespace: 'shop',
  kind: 'rollout',
  name: 'churn',
  labels: [],
  ports: [8080],
  strategy: 'canary',
  ...over,
});

export const aFlagFound = { kind: 'switch', name: '/shop/churn/new-features', off: 'false' } as const;

export const aSurvey = (over: Partial<Survey> = {}): Survey => ({
  alarms: [anAlarm()],
  parameters: [aFlagFound],
  models: [],
  workloads: [],
  releases: [],
  applications: [],
  unread: [],
  ...over,
});

/** The proposal for `churn`, beside other services; every problem that `validate` would have with it. */
export function proposed(
  survey: Partial<Survey>,
  {
    wanted = {},
    services = {} as Readonly<Record<string, string>>,
    environment = ENVIRONMENT,
    head = ['proposed'],
  } = {},
): Proposal & { readonly problems: string[] } {
  const home = anEnvironment(services, { text: environment });
  const file = { file: 'environment.yaml', text: environment, name: 'prod' };
  const read = readEnvironmentFile(file).environment;
  if (!read) throw new Error('Cannot read the environment of the test');
  const asked: Wanted = { service: 'churn', environment: read, ...wanted };
  const proposal = propose(asked, relatedTo(asked, aSurvey(survey)), { sources: [home], head });
  return { ...proposal, problems: problemsWith(home, proposal.text) };
}

function problemsWith(home: EnvironmentSource, text: string): string[] {
  const file = 'environments/prod/services/churn.yaml';
  const services = [...home.services, { name: 'churn', file, text }];
  const read = checkEnvironments([{ ...home, services }]);
  return read.ok ? [] : read.problems.map(formatProblem);
}

/** The comments of a proposal, one text a comment. */
export const commentsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim().startsWith('#'))
    .map((line) => line.trim().replace(/^# /, ''))
    .join('\n')
    .replace(/\n#? {1,2}/g, ' ');
