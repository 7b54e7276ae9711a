import type { Environment } from './environment.ts';
import { type ArmedService, type Condition, type Service, signalNamed } from './service.ts';

/** The alarm that watches one `when` condition of a service. */
export interface ServiceAlarm {
  readonly name: string;
  readonly arn: string;
  /** It was there before: the signal names it by ARN, and the deploy makes none. */
  readonly existing: boolean;
  readonly condition: Condition;
}

/** Where the alarms of a service are. */
type Deployment = Pick<Environment, 'name' | 'account' | 'region'>;

/** The alarms of a service, one for each `when` condition, in the order of the file. */
export function alarmsOf(environment: Deployment, service: Service): ServiceAlarm[] {
  const { when } = service.policy;
  return when.map((condition, index) => {
    const { alarm } = signalNamed(service, condition.signal);
    if (alarm !== undefined) return { name: nameIn(alarm), arn: alarm, existing: true, condition };
    const nth = when.slice(0, index + 1).filter((c) => c.signal === condition.signal).length;
    const name = alarmName({
      environment: environment.name,
      service: service.name,
      signal: condition.signal,
      nth,
    });
    return { name, arn: alarmArn(environment, name), existing: false, condition };
  });
}

/** The alarms as they are armed: the only ones that may open an incident of this service. */
export const armedAlarms = (environment: Deployment, service: Service): ArmedService['alarms'] =>
  alarmsOf(environment, service).map(({ arn, condition }) => ({ arn, condition }));

/** `reinstate-<environment>-<service>-<signal>`, and `-2`, `-3` for further conditions on the same signal. */
export const alarmName = (of: {
  environment: string;
  service: string;
  signal: string;
  nth: number;
}): string => `reinstate-${of.environment}-${of.service}-${of.signal}${of.nth > 1 ? `-${of.nth}` : ''}`;

const alarmArn = ({ account, region }: Deployment, name: string): string =>
  `arn:${partitionOf(region)}:cloudwatch:${region}:${account}:alarm:${name}`;

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

const nameIn = (arn: string): string => arn.slice(arn.indexOf(':alarm:') + ':alarm:'.length);
