import { readFunctionEnv } from '../lib/core/function-env.ts';
import { closingPorts } from './_closing.ts';
import { closeIncidentHandler } from './handlers/close-incident.ts';

export const handler = closeIncidentHandler(closingPorts(readFunctionEnv('close-incident', process.env)));
