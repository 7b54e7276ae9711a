import { relativeText } from '../core/condition.ts';
import type { Person } from '../core/desk.ts';
import { recordWrites } from '../core/desk.ts';
import { NotReady } from '../core/errors.ts';
import { stamp } from '../core/incident.ts';
import { relativeConditions, withReferences } from '../core/reference.ts';
import { type Baseline, inForce, provenBaselines, type Release } from '../core/release.ts';
import { type ArmedService, signalNamed } from '../core/service.ts';
import { say } from '../core/step.ts';
import { dateTime, withUnit } from '../report/format.ts';
import type { Answer } from './answer.ts';
import { calmStanding } from './calm-standing.ts';
import { armedOf, checkService, type Desk, recordsOf } from './desk.ts';
import { objectionsTo, observeRelease } from './observe-release.ts';
import { byOption, personOf } from './person.ts';
import type { Register } from './program.ts';
import { takeReferences } from './take-references.ts';
import { table } from './text.ts';

export const baselineCommand: Register = (program, act) => {
  const baseline = program.command('baseline').description('record and list releases that are known good');
  baseline
    .command('record')
    .description('record what serves a service now as known good')
    .argument('<service>')
    .addOption(byOption())
    .action(
      act(async (session, { args: [service = ''], options }) => {
        const desk = await session.desk();
        return recordBaseline(desk, service, personOf(session, desk, options));
      }),
    );
  baseline
    .command('list')
    .description('list the baselines of a service, the newest first')
    .argument('<service>')
    .action(
      act(async (session, { args: [service = ''] }) =>
        listBaselines(await session.desk(), service, session.host.terminal.columns),
      ),
    );
};

/** Everything that stands against it is told at once. @throws NotReady */
export async function recordBaseline(desk: Desk, service: string, person: Person): Promise<Answer> {
  const armed = await armedOf(desk, service);
  const action = `record a baseline of "${service}"`;
  const seen = await calmStanding(desk, service, action);
  const hold = await recordsOf(desk).hold(service);
  const [observed, taken] = await Promise.all([observeRelease(desk, armed), takeReferences(desk, armed)]);
  const objections = [...(await objectionsTo(desk, armed, { hold, observed })), ...taken.objections];
  if (objections.length > 0) throw new NotReady(`Cannot ${action}: ${objections.join('; ')}`);
  const clusters = armed.clusters && (await desk.addresses?.(armed));
  const dated = newBaseline(service, observed.release, { ...person, at: desk.clock.now() });
  const { references } = taken;
  const any = Object.keys(references).length > 0;
  const baseline: Baseline = { ...dated, ...(any && { references }), ...(clusters && { clusters }) };
  const written = await desk.ledger.write(recordWrites(seen, hold, baseline));
  if (written.outcome === 'conflict') {
    throw new NotReady(
      `Cannot ${action}: an incident or a hold began, or another one was recorded, at this moment; try again`,
    );
  }
  const lines = [...releaseLines(baseline.release), ...referenceLines(armed, baseline)];
  return { lines: [`recorded ${baseline.id}`, ...lines], json: baseline };
}

/** What the conditions against the baseline mean from now on. */
function referenceLines(armed: ArmedService, baseline: Baseline): string[] {
  const { service } = withReferences(armed, baseline);
  return relativeConditions(service).flatMap((condition) => {
    const { signal, is, relative, threshold } = condition;
    if (!relative || threshold === undefined) return [];
    const { unit } = signalNamed(service, signal);
    const was = withUnit(relative.reference ?? Number.NaN, unit);
    return [`  ${signal} is ${was}: ${is} ${relativeText(relative)} is ${is} ${withUnit(threshold, unit)}`];
  });
}

const newBaseline = (service: string, release: Release, { by, at }: Person): Baseline => ({
  id: `${service}-b${stamp(at)}`,
  recordedAt: at,
  by,
  release,
});

const releaseLines = (release: Release): string[] =>
  Object.entries(release).map(([target, { value }]) => `  ${target} ${say(value)}`);

async function listBaselines(desk: Desk, service: string, columns: number): Promise<Answer> {
  checkService(desk, service);
  const [all, quarantine] = await Promise.all([
    recordsOf(desk).baselines(service),
    recordsOf(desk).quarantine(service),
  ]);
  const proven = provenBaselines(all, inForce(quarantine, desk.clock.now()));
  const listed = all
    .toSorted((a, b) => b.recordedAt - a.recordedAt)
    .map((b) => ({ ...b, use: b.id === proven[0]?.id ? 'target' : proven.includes(b) ? '' : 'quarantined' }));
  const rows = listed.map(({ id, recordedAt, by, release, use }) => {
    const held = Object.values(release).map(({ value }) => say(value));
    return [id, dateTime(recordedAt), by, held.join(' '), use];
  });
  const none = [`no baseline of ${service} is recorded`];
  const head = ['baseline', 'recorded', 'by', 'holds', 'use'];
  return { lines: rows.length === 0 ? none : table(head, rows, columns), json: listed };
}
