/** What editors offer and show for a key; a test holds each against its schema, and wants one for every key. */
interface Example {
  readonly key: string;
  /** A key that stands beside it, or the `kind` of its mapping, where a name means two things. */
  readonly beside?: string;
  readonly examples: readonly unknown[];
}

const metric = { namespace: 'Shop', name: 'latency', dimensions: { service: 'recommender' } };
const latency = { metric, statistic: 'p95', period: '10 s', unit: 'ms' };
const flag = { kind: 'flag', parameter: '/shop/recommender/new-features', safe: 'false', cache: '5 s' };
const served = 'https://recommender.example.com/version version';
const champion = { kind: 'alias', model: 'recommender', alias: 'champion', served };
const traffic = { metric: { namespace: 'Shop', name: 'requests' }, by: 'version', least: 200 };
const call = { kind: 'email', to: 'oncall@example.com' };
const policy = {
  when: 'latency > 250 ms for 3 of 5',
  do: 'new-features off, then champion back',
  verify: 'latency < 250 ms for 6',
};
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf';

const every = (key: string, ...examples: unknown[]): Example => ({ key, examples });
const beside = (other: string, key: string, ...examples: unknown[]): Example => ({
  key,
  beside: other,
  examples,
});

/** The first that fits is taken. */
const EXAMPLES: readonly Example[] = [
  every('account', '111122223333'),
  every('region', 'eu-west-1'),
  every('goal', '5 min'),
  every('mlflow', { url: 'https://mlflow.example.com', secret }),
  every('clusters', { shop: { eks: 'shop-prod' } }),
  every('paged', [call]),
  every('call', [call]),
  every('eks', 'shop-prod'),
  every('endpoint', 'https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com'),
  every('ca', 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t'),
  every('secret', secret),
  beside('email', 'to', 'oncall@example.com'),
  beside('https', 'to', 'https://hooks.example.com/oncall'),
  beside('sns', 'to', 'arn:aws:sns:eu-west-1:111122223333:oncall'),
  beside('slack', 'to', 'C024BE91L'),
  beside('pagerduty', 'to', 'Recommender'),
  every('after', '10 min'),
  every('signals', { latency }),
  every('levers', { 'new-features': flag, champion }),
  every('runbook', { goal: '5 min', call: [call], 'pre-approved': ['new-features', 'champion'] }),
  every('policy', policy),
  beside('by', 'metric', { namespace: 'Shop', name: 'requests' }),
  every('metric', metric),
  every('statistic', 'p95', 'Average', 'Sum'),
  every('period', '10 s', '1 min'),
  every('lag', '30 s'),
  every('alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency'),
  beside('dimensions', 'namespace', 'Shop'),
  beside('dimensions', 'name', 'latency'),
  every('dimensions', metric.dimensions),
  every('parameter', flag.parameter),
  every('safe', 'false'),
  every('cache', '5 s'),
  every('served', served),
  every('url', 'https://recommender.example.com/version'),
  beside('url', 'path', 'version', 'flags.new-features'),
  every('model', 'recommender'),
  every('alias', 'champion'),
  every('reload', 'https://recommender.example.com/reload'),
  every('cluster', 'shop'),
  every('namespace', 'ml'),
  every('name', 'recommender'),
  every('pods', { kind: 'deployment', cluster: 'shop', namespace: 'ml', name: 'recommender' }),
  every('port', 8080),
  beside('pods', 'path', '/version'),
  every('json', 'version'),
  every('rollout', 'recommender'),
  every('deployment', 'recommender'),
  every('release', 'recommender'),
  every('traffic', traffic),
  every('by', 'version'),
  every('window', '30 s'),
  every('least', 200),
  every('repository', 'https://git.example.com/shop/deploy.git'),
  every('branch', 'main'),
  every('paths', ['recommender']),
  every('application', { cluster: 'shop', name: 'recommender' }),
  every('pre-approved', ['new-features', 'champion']),
  every('when', policy.when, 'auc drops 3 % below baseline for 10 min'),
  every('do', policy.do, 'new-features off and champion back'),
  every('verify', policy.verify, ['errors < 1 % for 3', 'latency < 250 ms for 18']),
  every('signal', 'latency'),
  every('threshold', '250 ms', '5 %', '3 % below baseline'),
  every('for', '3 of 5', '6', '10 min'),
  every('lever', 'champion'),
];

type Schema = { readonly [key: string]: unknown };

/** A JSON Schema with examples for its keys. */
export function withExamples(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withExamples);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.entries(schema).map(([key, value]) => [key, withExamples(value)]);
  const copy = Object.fromEntries(all) as Schema;
  return isMapping(copy) ? { ...copy, properties: exemplified(copy.properties) } : copy;
}

type Properties = Readonly<Record<string, Schema>>;

const isMapping = (schema: Schema): schema is Schema & { properties: Properties } =>
  schema['type'] === 'object' && typeof schema['properties'] === 'object';

/** What has few values needs no example: an editor lists them. */
const listsItself = (schema: Schema): boolean =>
  'const' in schema || 'enum' in schema || schema['type'] === 'boolean';

function exemplified(properties: Properties): Properties {
  const around = [...Object.keys(properties), ...Object.values(properties).map((s) => s['const'])];
  const all = Object.entries(properties).map(([key, schema]): [string, Schema] => {
    const found = EXAMPLES.find(
      (e) => e.key === key && (e.beside === undefined || around.includes(e.beside)),
    );
    return [key, found && !listsItself(schema) ? { ...schema, examples: found.examples } : schema];
  });
  return Object.fromEntries(all);
}
