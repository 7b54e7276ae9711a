import * as z from 'zod';
import { LEVER_KINDS } from '../core/service.ts';
import {
  duration,
  kindError,
  mapping,
  name,
  namespace,
  oneOf,
  read,
  SUBDOMAIN,
  says,
  text,
  url,
  yesOrNo,
} from './forms.ts';
import { gitShape } from './git-format.ts';
import { type Wrong, wrong } from './problem.ts';
import { cloudwatchText, metricFormat, period } from './signal-format.ts';

const SERVED_EXAMPLE = 'a URL and a path, such as https://recommender.example.com/version flags.new-features';
const JSON_PATH = /^[\w-]{1,64}(\.[\w-]{1,64}){0,15}$/;
const PARAMETER = /^(\/[A-Za-z0-9_.-]+){1,15}$/;
/** `aws` and `ssm` are SSM's own, in any case; /reinstate holds the mode and what is armed. */
const RESERVED_PARAMETER = /^\/((aws|ssm)|reinstate(\/|$))/i;
/** MLflow's own are `latest` and versions; the settle steps of other aliases own the rest. */
const RESERVED_ALIAS = /^(latest|v\d+|rolled_back|previous_.*)$/i;
const MODEL = /^[^/:\s]([^/:\t\r\n]{0,253}[^/:\s])?$/;

/** Helm leaves room for the names of its secrets. */
const RELEASE = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;

const objectName = (what: string) =>
  text(SUBDOMAIN, `not a name of a ${what}`, 'small letters, digits, hyphens and dots').describe(
    `Name of the ${what}`,
  );

const inCluster = {
  cluster: name.describe('Key of the cluster in environment.yaml'),
  namespace: namespace.describe('Namespace of Kubernetes'),
};

const path = text(JSON_PATH, 'not a path into JSON', 'keys joined by dots, such as flags.new-features');

const served = z.union(
  [
    read(/^\S+\s+\S+$/, parseServed, SERVED_EXAMPLE).describe(
      '<URL that answers JSON> <path of the value in it>',
    ),
    mapping({
      url: url.describe('URL that answers JSON'),
      path: path.describe('Keys to the value, joined by dots'),
    }),
  ],
  { error: says('not a place to read what is served', SERVED_EXAMPLE) },
);

const flagFormat = mapping({
  kind: z.literal('flag').describe('A feature flag in an SSM parameter'),
  parameter: text(PARAMETER, 'not a parameter name', 'a name such as /shop/recommender/new-features')
    .max(900, { error: says('parameter name is too long', 'at most 900 characters') })
    .refine((typed) => !RESERVED_PARAMETER.test(typed), {
      error: says('parameter name is reserved', 'a name that does not begin with /aws, /ssm or /reinstate'),
    })
    .describe('Name of the SSM parameter'),
  safe: text(/^[\s\S]{1,4096}$/, 'not a text', 'the value in quotes, such as "false"').describe(
    'Value that "off" puts',
  ),
  'always-safe': yesOrNo.default(false).describe('Pull "off" even where the baseline holds another value'),
  cache: duration.describe('How long readers of the flag may keep an old value'),
  served: served.optional().describe('Where the value that users get can be read'),
});

const WORKLOADS = ['deployment', 'rollout'] as const;

const workloadFormat = mapping({
  kind: oneOf(WORKLOADS).describe('What has the pods'),
  ...inCluster,
  name: objectName('workload'),
});

/** No segment begins with a dot: `..` would lead out of the pod, to other objects of the cluster. */
const POD_PATH = /^(\/|(\/[\w~-][\w.~-]{0,63}){1,15})$/;
const PORT = says('not a port', 'a whole number from 1 to 65535');

const servedByPods = mapping({
  pods: workloadFormat
    .optional()
    .describe('Whose pods are asked; those that the reload restarts when left out'),
  port: z
    .int({ error: PORT })
    .min(1, { error: PORT })
    .max(65_535, { error: PORT })
    .describe('Port of each pod, plain HTTP'),
  path: text(POD_PATH, 'not a path of a pod', 'a path such as /version, without "." segments').describe(
    'Path that answers JSON',
  ),
  json: path.describe('Keys to the value in it, joined by dots'),
});

const RELOAD = 'a URL, or { kind: deployment, cluster: <name>, namespace: <namespace>, name: <name> }';
const BY_PODS = `${SERVED_EXAMPLE}, or { port: 8080, path: /version, json: version }`;

const aliasFormat = mapping({
  kind: z.literal('alias').describe('An alias of a registered MLflow model'),
  model: text(MODEL, 'not a model name', 'the name of a registered model, without / and :').describe(
    'Name of the registered model',
  ),
  // MLflow allows 255; the settle step needs room for `previous_`.
  alias: text(/^[\w-]{1,246}$/, 'not an alias', 'letters, digits, _ and -, at most 246')
    .refine((typed) => !RESERVED_ALIAS.test(typed), {
      error: says(
        'alias is reserved',
        'an alias other than latest, v<number>, rolled_back and previous_<alias>',
      ),
    })
    .describe('Alias that serving follows'),
  reload: z
    .union(
      [
        url.describe('URL that makes serving load the alias again, by POST'),
        workloadFormat.describe('Pods that load the alias when they start, and are restarted'),
      ],
      { error: says('neither a URL nor a workload', RELOAD) },
    )
    .optional()
    .describe('What makes serving load the alias again'),
  cache: duration.prefault('0 s').describe('How long readers may keep the old version after a reload'),
  served: z
    .union([...served.options, servedByPods], { error: says('not a place to read what is served', BY_PODS) })
    .describe('Where the version that users get can be read'),
});

const settled = duration
  .prefault('0 s')
  .describe('How long users may still get the old release: pods that start, connections that stay open');

/** How requests are counted by version. */
const trafficFormat = mapping({
  metric: metricFormat.describe('The CloudWatch metric that counts requests'),
  by: cloudwatchText('dimension name').describe('Dimension that holds the pod-template-hash'),
  period: period.prefault('10 s').describe('Length of one datapoint'),
  window: duration.prefault('30 s').describe('How far back requests are counted, after the switch'),
  least: z
    .int({ error: says('not a number of requests', 'a whole number such as 100') })
    .min(1, { error: says('proves nothing', 'at least 1') })
    .default(100)
    .describe('Requests in the window that prove something'),
});

const rolloutFormat = mapping({
  kind: z.literal('rollout').describe('An Argo Rollout'),
  ...inCluster,
  rollout: objectName('rollout'),
  cache: settled,
  served: served.optional().describe('Where the pod-template-hash that users get can be read'),
  traffic: trafficFormat
    .optional()
    .describe('How requests are counted by version; without it weights are believed'),
});

const deploymentFormat = mapping({
  kind: z.literal('deployment').describe('A plain Deployment'),
  ...inCluster,
  deployment: objectName('deployment'),
  cache: settled,
  served: served.optional().describe('Where the pod-template-hash that users get can be read'),
  traffic: trafficFormat
    .optional()
    .describe('How requests are counted by version; without it pods are believed'),
});

const helmFormat = mapping({
  kind: z.literal('helm').describe('A Helm release'),
  ...inCluster,
  release: text(RELEASE, 'not a release name', 'small letters, digits and hyphens, at most 53').describe(
    'Name of the Helm release',
  ),
  cache: settled,
  served: served.optional().describe('Where the revision that users get can be read'),
});

const gitFormat = mapping({
  kind: z.literal('git').describe('A branch of a Git repository that holds what is deployed'),
  ...gitShape,
  cache: settled,
  served: served.optional().describe('Where the commit that users get can be read'),
});

/** Something that can be pulled. */
export const leverFormat = z.discriminatedUnion(
  'kind',
  [flagFormat, aliasFormat, rolloutFormat, deploymentFormat, helmFormat, gitFormat],
  {
    error: kindError(LEVER_KINDS, 'a mapping with a kind, such as { kind: flag, ... }'),
  },
);

export type WrittenLever = z.output<typeof leverFormat>;
export type WrittenAlias = Extract<WrittenLever, { kind: 'alias' }>;

/** `<url> <path>` */
function parseServed(typed: string): { url: string; path: string } | Wrong {
  const [address = '', keys = '', ...more] = typed.split(/\s+/);
  if (more.length > 0 || !JSON_PATH.test(keys))
    return wrong('not a URL and a path into JSON', SERVED_EXAMPLE);
  return { url: address, path: keys };
}
