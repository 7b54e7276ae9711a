import type { Cursor } from '../../lib/core/incident.ts';
import { type VerifyRecoveryPorts, verifyRecovery } from '../../lib/stages/verify-recovery.ts';
import { handlerOf } from '../_handler.ts';

export const verifyRecoveryHandler = (ports: VerifyRecoveryPorts) =>
  handlerOf((cursor: Cursor) => verifyRecovery(ports, cursor));
