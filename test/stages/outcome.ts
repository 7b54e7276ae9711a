import type { ClosingReport } from '../../lib/core/report.ts';
import { type Run, type RunOptions, runIncident } from '../incident-run.ts';
import { alarmEvent, type Shop } from './shop.ts';

/** Runs an incident, of the error ratio's alarm where nothing else is said, and gathers what came of it. */
export async function endOf(shop: Shop, options: RunOptions & { readonly input?: unknown } = {}) {
  return outcomeOf(shop, await runIncident(shop, options.input ?? alarmEvent(shop), options));
}

/** What the table and the bucket say of a run's incident. */
export async function outcomeOf(shop: Shop, run: Run) {
  const id = run.cursor?.incident ?? '';
  const reports = [...shop.world.reports].filter(
    ([name]) => name.startsWith(`recommender/${id}/`) && name.endsWith('.json'),
  );
  const receipts = await shop.read.receipts(id);
  return {
    run,
    id,
    incident: await shop.read.incident(id),
    receipts: Object.fromEntries(receipts.map((r) => [r.step, r])),
    verdicts: await shop.read.verdicts(id),
    report: JSON.parse(reports.at(-1)?.[1].body ?? 'null') as ClosingReport,
  };
}
