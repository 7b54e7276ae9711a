/** Incidents of two services over some weeks, as the list has them. */
import type { Ending } from '../../lib/core/incident.ts';
import type { Index, Listed } from '../../lib/report/index-page.ts';
import { later } from './armed.ts';

const DAY_SECONDS = 86_400;

export function aListed(days: number, recover?: number, over: Partial<Listed> = {}): Listed {
  const openedAt = later(-days * DAY_SECONDS);
  const id = `${over.service ?? 'recommender'}-${days}-1a2b3c4d`;
  const ending: Ending = recover === undefined ? 'escalated' : 'recovered';
  const times = { detect: 31, act: 14.2, ...(recover !== undefined && { recover }), goal: 300 };
  const known = { ending, endedAt: openedAt + 400_000, times, href: `${id}.html` };
  return { id, service: 'recommender', openedAt, state: 'closed', acted: true, ...known, ...over };
}

const never = { acted: false, times: { goal: 300 } };

export const anIndex = (over: Partial<Index> = {}): Index => ({
  environment: 'prod',
  incidents: [
    aListed(0, undefined, { state: 'ended', acknowledgedBy: 'ada' }),
    aListed(2, 161),
    aListed(3, 194),
    aListed(9, 422),
    aListed(14, 88),
    aListed(15, undefined, { ...never, ending: 'refused' }),
    aListed(1, 140, { service: 'fraud-scorer' }),
    aListed(4, 149, { service: 'fraud-scorer' }),
    aListed(1.5, undefined, { ...never, ending: 'observed', dryRun: true }),
    aListed(8, 95, { dryRun: true }),
  ],
  ...over,
});
