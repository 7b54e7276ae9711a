import type { Cursor } from '../../lib/core/incident.ts';
import { type PlanRollbackPorts, planRollbackStage } from '../../lib/stages/plan-rollback.ts';
import { handlerOf } from '../_handler.ts';

export const planRollbackHandler = (ports: PlanRollbackPorts) =>
  handlerOf((cursor: Cursor) => planRollbackStage(ports, cursor));
