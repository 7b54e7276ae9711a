import {
  type OpenIncidentInput,
  type OpenIncidentPorts,
  type OpenIncidentRules,
  openIncident,
} from '../../lib/stages/open-incident.ts';
import { handlerOf } from '../_handler.ts';

/** @param ports AWS's in a function; twins where it is tried without. */
export const openIncidentHandler = (ports: OpenIncidentPorts, rules: OpenIncidentRules) =>
  handlerOf((input: OpenIncidentInput) => openIncident(ports, rules, input));
