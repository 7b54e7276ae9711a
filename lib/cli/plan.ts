import type { Aim } from '../core/aim.ts';
import { restraint } from '../core/incident.ts';
import type { PlanResult } from '../core/plan.ts';
import type { ArmedService } from '../core/service.ts';
import { digestOf } from '../stages/plan-digest.ts';
import { choosePlan } from '../stages/plan-rollback.ts';
import { aimOf, aimOption, aimWords } from './aim.ts';
import type { Answer } from './answer.ts';
import { armedOf, command, type Desk, recordsOf } from './desk.ts';
import { switchToAct } from './mode-switch.ts';
import { planLines } from './plan-lines.ts';
import type { Register } from './program.ts';

export const planCommand: Register = (program, act) => {
  program
    .command('plan')
    .description('print the plan that a rollback of a service would have now; starts nothing')
    .argument('<service>')
    .addOption(aimOption())
    .action(
      act(async (session, { args: [service = ''], options }) => {
        const desk = await session.desk();
        return plan(desk, service, aimOf(await armedOf(desk, service), options['to']));
      }),
    );
};

/** What a rollback that is started now would do, and what would keep it from doing so. */
export async function plan(desk: Desk, service: string, aim?: Aim): Promise<Answer> {
  const armed = await armedOf(desk, service);
  const [result, obstacles] = await Promise.all([
    choosePlan(desk, armed, { byPerson: true, ...(aim && { aim }) }),
    obstaclesTo(desk, armed),
  ]);
  const unapproved = notPreApproved(armed, result);
  const lines = [
    ...planLines(result),
    ...unapproved.map((lever) => `${lever} is not pre-approved: an alarm alone leaves it out`),
    ...obstacles,
  ];
  const digest = result.outcome === 'planned' ? digestOf(result.plan) : undefined;
  const start = command(desk, `rollback ${service}${aimWords(aim)} --plan ${digest}`);
  const next = result.outcome === 'planned' && obstacles.length === 0 ? [`start it: ${start}`] : [];
  return {
    lines: [...lines, ...next],
    json: { ...result, ...(digest && { digest }), notPreApproved: unapproved, obstacles },
  };
}

function notPreApproved({ service }: ArmedService, result: PlanResult): string[] {
  if (result.outcome === 'refused') return [];
  const pulled = result.plan.rungs.flatMap(({ steps }) => steps.map((step) => step.lever.name));
  return pulled.filter((lever) => !service.runbook.preApproved.includes(lever));
}

/** The mode, the cascade, an incident that is open: sentences, each with its next step. */
async function obstaclesTo(desk: Desk, armed: ArmedService): Promise<string[]> {
  const { name } = armed.service;
  const [mode, earlier] = await Promise.all([
    desk.settings.mode(name, armed.firstMode),
    recordsOf(desk).summaries(name),
  ]);
  const open = earlier.find((summary) => summary.state !== 'closed');
  const restrained = restraint(earlier, desk.clock.now(), true);
  return [
    ...(mode === 'act' ? [] : [`the mode is ${mode}; to act: ${await switchToAct(desk, armed)}`]),
    ...(restrained === undefined ? [] : [restrained]),
    ...(open ? [`incident ${open.id} is ${open.state}; see it: ${command(desk, `watch ${open.id}`)}`] : []),
  ];
}
