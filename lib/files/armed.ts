import { armedAlarms } from '../core/alarms.ts';
import { armedWith, type Environment } from '../core/environment.ts';
import type { ArmedService, Service } from '../core/service.ts';
import { type Checked, checked, wholeFile, wrong } from './problem.ts';

/** What an SSM parameter of the Advanced tier holds. */
const LARGEST_ARMED_BYTES = 8192;

/** What a deploy arms for a service, when it fits into its parameter as compact JSON. */
export function armedServiceOf(environment: Environment, service: Service): Checked<ArmedService> {
  const armed: ArmedService = {
    ...armedWith(environment),
    alarms: armedAlarms(environment, service),
    service,
  };
  const bytes = Buffer.byteLength(JSON.stringify(armed));
  if (bytes <= LARGEST_ARMED_BYTES) return checked(armed, []);
  const file = `environments/${environment.name}/services/${service.name}.yaml`;
  const words = wrong(
    `service takes ${bytes} bytes to arm`,
    `at most ${LARGEST_ARMED_BYTES}; fewer signals, levers or conditions`,
  );
  return checked<ArmedService>(undefined, [wholeFile(file, words)]);
}
