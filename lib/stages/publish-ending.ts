/** Gets an ending out: people are told, the report is put. Neither may keep the incident from ending, nor be forgotten. */
import { sentenceOf } from '../core/errors.ts';
import type { IncidentTimes } from '../core/times.ts';
import { type Evidence, type EvidencePorts, writeReport } from './closing-report.ts';
import { wasHeard } from './say.ts';
import { tellEnding } from './tell-ending.ts';

export interface Published {
  readonly reportUrl?: string;
  readonly times?: IncidentTimes;
  /** What did not get out, and why: the sweeper tries again until there is nothing left. */
  readonly problems: readonly string[];
}

/** Idempotent: nobody is told twice, and the report of the same fence is put again in its place. */
export async function publishEnding(
  ports: EvidencePorts,
  evidence: Evidence & { readonly fence: number },
): Promise<Published> {
  const pages = await tellEnding(ports, evidence);
  const unheard = wasHeard(pages) ? [] : ['nobody could be told: no channel took the message'];
  try {
    return { ...(await writeReport(ports, evidence)), problems: unheard };
  } catch (error) {
    return { problems: [...unheard, `the report could not be put: ${sentenceOf(error)}`] };
  }
}
