import type { Aim } from '../core/aim.ts';
import { restraint } from '../core/incident.ts';
import type { Plan } from '../core/plan.ts';
import type { ArmedService } from '../core/service.ts';
import { choosePlan } from '../stages/plan-rollback.ts';
import { aimOf, aimOption, aimWords } from './aim.ts';
import type { AnyAnswer } from './answer.ts';
import { armedOf, command, type Desk, recordsOf } from './desk.ts';
import type { Line } from './lines.ts';
import { switchToAct } from './mode-switch.ts';
import { planFacts } from './plan-facts.ts';
import { planLines, refusalLines } from './plan-lines.ts';
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
export async function plan(desk: Desk, service: string, aim?: Aim): Promise<AnyAnswer> {
  const armed = await armedOf(desk, service);
  const [result, obstacles] = await Promise.all([
    choosePlan(desk, armed, { byPerson: true, ...(aim && { aim }) }),
    obstaclesTo(desk, armed),
  ]);
  const against = obstacles.map((text): Line => ({ text, tone: 'busy' }));
  if (result.outcome === 'refused')
    return {
      lines: [...refusalLines(result), ...against],
      json: { ...result, notPreApproved: [], obstacles },
    };
  const facts = await planFacts(desk.levers, armed, result.plan);
  const unapproved = notPreApproved(armed, result.plan);
  const { digest, ...planned } = facts;
  const lines = [
    ...planLines(facts),
    ...unapproved.map((lever) => ({ text: `${lever} is not pre-approved: an alarm alone leaves it out` })),
    ...against,
    ...(obstacles.length === 0 ? nextLines(desk, { service, digest, aim }) : []),
  ];
  return {
    lines,
    json: { outcome: 'planned', digest, plan: planned, notPreApproved: unapproved, obstacles },
  };
}

interface Next {
  readonly service: string;
  readonly digest: string;
  readonly aim: Aim | undefined;
}

/** What it removes stays out until a person says otherwise: who takes a step back has to know. */
function nextLines(desk: Desk, { service, digest, aim }: Next): Line[] {
  const start = command(desk, `rollback ${service}${aimWords(aim)} --plan ${digest}`);
  return [
    {
      text: 'what it removes is quarantined once recovery is proven, and promotion is held; to lift either:',
    },
    { indent: 2, text: '', whole: command(desk, `quarantine list ${service}`) },
    { indent: 2, text: '', whole: command(desk, `hold lift ${service} --reason "..."`) },
    { text: 'start it; it is refused once the world has changed:', whole: start, tone: 'strong' },
  ];
}

function notPreApproved({ service }: ArmedService, { rungs }: Plan): string[] {
  const pulled = rungs.flatMap(({ steps }) => steps.map((step) => step.lever.name));
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
    ...(restrained === undefined
      ? []
      : [`${restrained}; what cannot wait is done by hand: the commands above`]),
    ...(open ? [`incident ${open.id} is ${open.state}; see it: ${command(desk, `watch ${open.id}`)}`] : []),
  ];
}
