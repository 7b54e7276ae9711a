import { alarmsOf } from '../core/alarms.ts';
import { beyondTopics } from '../core/called.ts';
import type { Environment } from '../core/environment.ts';
import { type FunctionName, packAlarms } from '../core/function-env.ts';
import type { Service } from '../core/service.ts';
import type { StageEnv } from './stage-function.ts';

export interface FunctionEnvsProps {
  readonly environment: Environment;
  readonly services: readonly Service[];
  readonly tableName: string;
  readonly reportsBucket: string;
  /** Our own topic, and those that are paged for every service. */
  readonly pagesTopicArns: readonly string[];
  readonly stateMachineArn: string;
  /** Where Helm is in its function. */
  readonly helmPath: string;
}

/** The environment variables of every function. Complete by type. */
export function functionEnvs(props: FunctionEnvsProps): { readonly [F in FunctionName]: StageEnv<F> } {
  const { environment, services, tableName, stateMachineArn } = props;
  const every = (name: FunctionName) => ({
    ENVIRONMENT: environment.name,
    TABLE_NAME: tableName,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_SERVICE_NAME: name,
  });
  const pages = {
    PAGES_TOPIC_ARNS: props.pagesTopicArns.join(','),
    PAGED: JSON.stringify(beyondTopics(environment.paged)),
  };
  const reports = { REPORTS_BUCKET: props.reportsBucket };
  const alarms = Object.fromEntries(services.map((s) => [s.name, alarmsOf(environment, s)]));
  const door = {
    ACCOUNT: environment.account,
    ALARMS: packAlarms(alarms),
    STATE_MACHINE_ARN: stateMachineArn,
  };
  return {
    'open-incident': { ...every('open-incident'), ...door, ...pages },
    'plan-rollback': every('plan-rollback'),
    'hold-promotion': every('hold-promotion'),
    'apply-flag': every('apply-flag'),
    'apply-alias': every('apply-alias'),
    'apply-rollout': every('apply-rollout'),
    'apply-deployment': every('apply-deployment'),
    'apply-helm': { ...every('apply-helm'), HELM_PATH: props.helmPath },
    'apply-git': every('apply-git'),
    'verify-recovery': { ...every('verify-recovery'), ...pages },
    'close-incident': { ...every('close-incident'), ...pages, ...reports },
    sweeper: { ...every('sweeper'), ...door, ...pages, ...reports },
  };
}
