import { BadInput, NotReady } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import { isExecution } from '../core/lease.ts';
import { say, tookEffect } from '../core/step.ts';
import type { Answer } from './answer.ts';
import { command, type Desk, recordsOf } from './desk.ts';
import { findIncident, standingOf } from './find-incident.ts';
import type { Register } from './program.ts';

export const cancelCommand: Register = (program, act) => {
  program
    .command('cancel')
    .description('stop a running rollback; what it has done stays, and so does the hold')
    .argument('<incident|service>')
    .action(
      act(async (session, { args: [what = ''] }) => cancel(await session.desk(), what, session.host.user)),
    );
};

/** Stops the execution; what was applied stays, and the sweeper closes. @throws as `runningOwner` */
export async function cancel(desk: Desk, what: string, by: string): Promise<Answer> {
  const incident = await findIncident(desk, what);
  const owner = await runningOwner(desk, incident);
  await desk.machine.stop(owner, `cancelled by ${by} with reinstate cancel`);
  const [done, hold] = await Promise.all([
    recordsOf(desk).receipts(incident.id),
    recordsOf(desk).hold(incident.service),
  ]);
  const applied = done.filter((r) => tookEffect(r) && r.phase === 'apply');
  const held = hold?.state === 'standing';
  return {
    lines: [
      `stopped ${incident.id}`,
      ...applied.map((r) => `  ${r.name} stays at ${say(r.to)}`),
      ...(held
        ? [
            `promotion stays on hold; lift it: ${command(desk, `hold lift ${incident.service} --reason "..."`)}`,
          ]
        : []),
      'a step that had begun may still finish; the sweeper closes the incident as cancelled within a minute or so',
      `see it close: ${command(desk, `watch ${incident.id}`)}`,
    ],
    json: { incident: incident.id, execution: owner, applied: applied.map((r) => r.step), hold: held },
  };
}

/** @throws BadInput when it has ended; NotReady when nothing of it can be stopped now. */
async function runningOwner(desk: Desk, incident: Incident): Promise<string> {
  const { id, state, ending } = incident;
  if (state === 'ended' || state === 'closed') {
    throw new BadInput(`Cannot cancel ${id}: it has ended already (${ending ?? state}); nothing is running`);
  }
  const { lease } = await standingOf(desk, incident.service);
  const stop = (why: string) => new NotReady(`Cannot cancel ${id}: ${why}`);
  if (state === 'closing') throw stop('it is closing; wait until it has ended');
  if (lease?.incident !== id || !isExecution(lease.owner))
    throw stop('the sweeper is closing it; wait a minute');
  const status = await desk.machine.status(lease.owner);
  if (status === 'running') return lease.owner;
  throw stop(`its execution is ${status} already; the sweeper sees to it within a minute`);
}
