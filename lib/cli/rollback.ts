import type { Aim } from '../core/aim.ts';
import { DIGEST } from '../core/digest.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import { stamp } from '../core/incident.ts';
import { LONGEST_TEXT } from '../core/printable.ts';
import type { ArmedService } from '../core/service.ts';
import { isAsked, planNow } from '../stages/plan-digest.ts';
import { choosePlan } from '../stages/plan-rollback.ts';
import { aimOf, aimOption, aimWords } from './aim.ts';
import type { AnyAnswer } from './answer.ts';
import { armedOf, command, type Desk } from './desk.ts';
import { standingOf } from './find-incident.ts';
import { followExecution } from './follow-execution.ts';
import { switchToAct } from './mode-switch.ts';
import { plan } from './plan.ts';
import type { Register } from './program.ts';
import { remark, type Session, text } from './session.ts';
import { cut } from './text.ts';

export const rollbackCommand: Register = (program, act) => {
  program
    .command('rollback')
    .description('return a service to its last known good release, and watch until it has ended')
    .argument('<service>')
    .option('--reason <text>', 'why, for the report')
    .addOption(aimOption())
    .option(
      '--plan <digest>',
      'only this plan, as "plan" has printed it; refused if the world has changed since',
    )
    .option('--dry-run', 'plan and report, change nothing')
    .option('--no-watch', 'start it and come back')
    .action(
      act(async (session, { args: [service = ''], options }) => {
        const reason = text(options['reason']);
        const dryRun = options['dryRun'] === true;
        const watch = options['watch'] !== false;
        return rollback(session, {
          service,
          dryRun,
          watch,
          reason,
          to: options['to'],
          plan: text(options['plan']),
        });
      }),
    );
};

export interface Order {
  readonly service: string;
  readonly reason: string | undefined;
  readonly dryRun: boolean;
  readonly watch: boolean;
  /** As typed: `--to` once or several times. */
  readonly to?: unknown;
  /** Digest of the only plan that may run, as typed. */
  readonly plan?: string | undefined;
}

/** Starts an execution, or in mode observe only plans. @throws BadInput, NotReady before anything has begun */
export async function rollback(session: Session, order: Order): Promise<AnyAnswer> {
  const { service, reason = '', dryRun, watch } = order;
  // The door refuses longer ones, with a page: told here instead.
  if (reason.length > LONGEST_TEXT) {
    throw new BadInput(
      `Cannot use a reason of ${reason.length} characters; expected at most ${LONGEST_TEXT}`,
    );
  }
  if (order.plan !== undefined) checkDigest(order.plan);
  const desk = await session.desk();
  const armed = await armedOf(desk, service);
  const aim = aimOf(armed, order.to);
  const mode = await desk.settings.mode(service, armed.firstMode);
  if (mode === 'off') throw new NotReady(await offText(desk, armed));
  if (mode === 'observe' && !dryRun) return planInstead(desk, armed, aim);
  await refuseWhereEnded(desk, service);
  if (order.plan !== undefined) await refuseAnother(desk, armed, { aim, asked: order.plan });
  const execution = await start(session, desk, { ...order, to: aim });
  if (watch) return followExecution(session, desk, { execution, service });
  const next = command(desk, `watch ${service}`);
  return { lines: [`started ${execution}`, `watch it: ${next}`], json: { execution, service, dryRun } };
}

const offText = async (desk: Desk, armed: ArmedService): Promise<string> =>
  `Cannot start a rollback of "${armed.service.name}": the mode is off; to act: ${await switchToAct(desk, armed)}`;

/** @throws BadInput */
function checkDigest(typed: string): void {
  if (DIGEST.test(typed)) return;
  throw new BadInput(
    `Cannot use plan "${cut(typed, 40)}"; expected the 12 hex digits that "reinstate plan <service>" prints`,
  );
}

interface Asked {
  readonly aim: Aim | undefined;
  readonly asked: string;
}

/** The state machine asks again: until it plans, the world may change once more. @throws NotReady */
async function refuseAnother(desk: Desk, armed: ArmedService, { aim, asked }: Asked): Promise<void> {
  const result = await choosePlan(desk, armed, { byPerson: true, ...(aim && { aim }) });
  if (isAsked(result, asked)) return;
  const { name } = armed.service;
  const { incident } = await standingOf(desk, name);
  const next =
    incident?.state === 'running'
      ? `incident ${incident.id} is at work; watch it: ${command(desk, `watch ${incident.id}`)}`
      : `read it: ${command(desk, `plan ${name}${aimWords(aim)}`)}`;
  throw new NotReady(
    `Cannot start a rollback of "${name}" by plan ${asked}: the world has changed since, and ${planNow(result)}; ${next}`,
  );
}

/** Nothing may be written, so nothing is started: the plan, and what makes it happen. */
async function planInstead(desk: Desk, armed: ArmedService, aim: Aim | undefined): Promise<AnyAnswer> {
  const { lines, json } = await plan(desk, armed.service.name, aim);
  return { lines: [...lines, 'nothing was started: the mode is observe'], json, exit: 3 };
}

/** It would join an incident for which nothing acts any more, and page people to no end. */
async function refuseWhereEnded(desk: Desk, service: string): Promise<void> {
  const { incident } = await standingOf(desk, service);
  if (incident?.state !== 'ended') return;
  throw new NotReady(
    `Cannot start a rollback of "${service}": incident ${incident.id} ended ${incident.ending ?? ''} and waits for a person; close it first: ${command(desk, `incidents close ${incident.id}`)}`,
  );
}

/** The name is made from this request: asked twice because an answer was lost, it is one execution. */
async function start(session: Session, desk: Desk, order: Order): Promise<string> {
  const { service, reason, dryRun, to, plan: asked } = order;
  const name = `cli-${service}-${stamp(desk.clock.now())}-${session.host.random()}`;
  const input = {
    service,
    ...(reason !== undefined && { reason }),
    dryRun,
    ...(to !== undefined && { to }),
    ...(asked !== undefined && { plan: asked }),
  };
  await desk.machine.start(name, input);
  remark(session, `started execution ${name}`);
  return desk.machine.arnOf(name);
}
