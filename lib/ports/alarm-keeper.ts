import type { ArmedService } from '../core/service.ts';

/** Moves alarms to thresholds that no deploy knows. @throws OutsideTrouble */
export interface AlarmKeeper {
  /** Makes these alarms as their conditions say; every threshold is known. @returns the ARNs that were changed. */
  keep(armed: ArmedService, alarms: ArmedService['alarms']): Promise<string[]>;
}
