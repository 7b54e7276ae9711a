import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { alarmSettings } from '../core/alarm-settings.ts';
import { alarmsOf, type ServiceAlarm } from '../core/alarms.ts';
import { type Environment, parameterNames } from '../core/environment.ts';
import type { Service } from '../core/service.ts';
import { armedServiceOf } from '../files/armed.ts';
import { formatProblem } from '../files/problem.ts';
import { cfnPattern, DeliveryRule } from './delivery-rule.ts';

/** EventBridge takes no longer pattern, in characters. */
const LONGEST_PATTERN = 2048;

export interface ServiceWatchProps {
  readonly environment: Environment;
  readonly service: Service;
  /** ARN of the incident machine, which gets the whole event. */
  readonly machine: string;
  /** ARN of the role that may start it. */
  readonly role: string;
  readonly deadLetters: sqs.IQueue;
}

/** What makes a deploy watch one service: its armed file, its alarms, and the rule that starts an incident. */
export class ServiceWatch extends Construct {
  constructor(scope: Construct, id: string, props: ServiceWatchProps) {
    super(scope, id);
    const { environment, service } = props;
    this.arm(environment, service);
    const alarms = alarmsOf(environment, service);
    for (const alarm of alarms.filter((a) => !a.existing)) this.watch(service, alarm, environment);
    const arns = [...new Set(alarms.map((alarm) => alarm.arn))];
    for (const [index, pattern] of patterns(arns).entries()) this.listen(props, pattern, index + 1);
  }

  private arm(environment: Environment, service: Service): void {
    const armed = armedServiceOf(environment, service);
    if (!armed.ok) throw new Error(armed.problems.map(formatProblem).join('\n'));
    new ssm.CfnParameter(this, 'Armed', {
      name: parameterNames(environment.name).armed(service.name),
      description: `What the last deploy armed for ${service.name}; only a deploy writes it`,
      type: 'String',
      tier: 'Advanced',
      value: JSON.stringify(armed.value),
    });
  }

  private watch(service: Service, alarm: ServiceAlarm, environment: Environment): void {
    const own = alarm.name.slice(`reinstate-${environment.name}-${service.name}-`.length);
    new cloudwatch.CfnAlarm(this, `Alarm-${own}`, alarmSettings(service, alarm));
  }

  private listen(props: ServiceWatchProps, pattern: events.EventPattern, nth: number): void {
    const { environment, service, machine, role, deadLetters } = props;
    const suffix = nth > 1 ? `-${nth}` : '';
    new DeliveryRule(this, `Rule${suffix}`, {
      name: `reinstate-${environment.name}-${service.name}${suffix}`,
      description: `An alarm of ${service.name} starts an incident`,
      pattern,
      target: machine,
      role,
      deadLetters,
    });
  }
}

/** As few patterns as fit. previousState is not filtered: INSUFFICIENT_DATA -> ALARM is real. */
function patterns(arns: readonly string[]): events.EventPattern[] {
  const groups: string[][] = [];
  for (const arn of arns) {
    const last = groups.at(-1);
    if (last && lengthOf(patternOf([...last, arn])) <= LONGEST_PATTERN) last.push(arn);
    else groups.push([arn]);
  }
  return groups.map(patternOf);
}

const patternOf = (resources: string[]): events.EventPattern => ({
  source: ['aws.cloudwatch'],
  detailType: ['CloudWatch Alarm State Change'],
  resources,
  detail: { state: { value: ['ALARM'] } },
});

const lengthOf = (pattern: events.EventPattern): number => JSON.stringify(cfnPattern(pattern)).length;
