import type { Template } from 'aws-cdk-lib/assertions';
import { flatten } from '../../../lib/infra/flatten.ts';
import { resources } from './deployment.ts';

/** One statement of a role, with resources as text; what the deploy will know is `arn:<logical id>`. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A call, as IAM sees it: `namespace` stands for every condition key we use. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** The same resource, one call for each action. */
export const calls = (resource: string, ...actions: string[]): Call[] =>
  actions.map((action) => ({ action, resource }));

/** Publishing our own metrics is told apart by their namespace alone. */
export const metricIn = (namespace: string): Call => ({
  action: 'cloudwatch:PutMetricData',
  resource: '*',
  context: { 'cloudwatch:namespace': namespace },
});

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** All statements of a role: inline ones, and those of policies that somebody attached to it. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  const role = resources(template, 'AWS::IAM::Role')[roleId];
  const attached = Object.values(resources(template, 'AWS::IAM::Policy')).filter((policy) =>
    list<{ Ref: string }>(policy.Properties.Roles).some(({ Ref }) => Ref === roleId),
  );
  const documents = [...list(role?.Properties.Policies), ...attached.map((policy) => policy.Properties)];
  return documents.flatMap((d) => list(d.PolicyDocument.Statement)).map(statement);
}

// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
const statement = (raw: any): Statement => ({
  effect: raw.Effect,
  actions: list<string>(raw.Action),
  resources: list<unknown>(raw.Resource).map((r) => flatten(r, (logicalId) => `arn:${logicalId}`)),
  conditions: raw.Condition ?? {},
});

/** IAM's answer for an identity policy: an explicit deny wins, then an allow, else no. */
export function isAllowed(statements: readonly Statement[], call: Call): boolean {
  const matching = statements.filter((candidate) => matches(candidate, call));
  return (
    matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny')
  );
}

const matches = ({ actions, resources: named, conditions }: Statement, call: Call): boolean =>
  actions.some((action) => like(action.toLowerCase(), call.action.toLowerCase())) &&
  named.some((resource) => like(resource, call.resource)) &&
  Object.entries(conditions).every(([operator, keys]) => holds(operator, keys, call.context ?? {}));

function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Readonly<Record<string, string>>,
): boolean {
  if (operator !== 'StringEquals' && operator !== 'ArnEquals')
    throw new Error(`Cannot evaluate condition operator "${operator}"`);
  return Object.entries(keys).every(([key, wanted]) =>
    list<unknown>(wanted).some((value) => flatten(value, (logicalId) => `arn:${logicalId}`) === context[key]),
  );
}

/** `*` is any text, `?` any character. */
function like(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}
