import { join, relative } from 'node:path';
import { type PolicyClock, policyClock } from '../core/policy-clock.ts';
import type { Service } from '../core/service.ts';
import type { EnvironmentFiles } from '../files/check-environments.ts';
import { readEnvironment, readEnvironments } from '../files/environments.ts';
import { type Checked, formatProblem, type Problem } from '../files/problem.ts';
import { duration } from '../report/format.ts';
import type { Answer } from './answer.ts';
import type { Register } from './program.ts';

export const validateCommand: Register = (program, act) => {
  program
    .command('validate')
    .description('check the files of all environments, and print the clock of each policy')
    .argument('[environment]')
    .action(
      act(async ({ host, environment }, { args: [name = environment] }) => {
        const root = relative('.', join(host.cwd, 'environments'));
        return validate(name === undefined ? readEnvironments(root) : one(readEnvironment(root, name)));
      }),
    );
};

const one = <T>(read: Checked<T>): Checked<T[]> => (read.ok ? { ok: true, value: [read.value] } : read);

/** Everything that is wrong; else what each policy promises. */
function validate(read: Checked<EnvironmentFiles[]>): Answer {
  if (!read.ok) return refuse(read.problems);
  const environments = read.value.map(({ environment, services }) => ({
    environment: environment.name,
    services: services.map((service) => ({ service: service.name, clock: policyClock(service) })),
  }));
  const lines = read.value.flatMap(({ environment, services }) => [
    environment.name,
    ...services.flatMap(serviceLines),
  ]);
  return { lines, json: { ok: true, environments } };
}

/** As bad input: one line a problem, where it stands and what was expected. */
export const refuse = (problems: readonly Problem[]): Answer => ({
  lines: problems.map(formatProblem),
  json: { ok: false, problems },
  exit: 2,
});

function serviceLines(service: Service): string[] {
  const clock = policyClock(service);
  const { detection, recoverSeconds, goalSeconds, deadlineSeconds } = clock;
  const detected = detection.map(({ condition, seconds }) => `${condition.signal} ${duration(seconds)}`);
  return [
    `  ${service.name}`,
    `    detected in   ${detected.join(', ')}`,
    `    recovered in  ${duration(recoverSeconds)} by the last rung: ${rungsText(clock)}`,
    `    deadline      ${duration(deadlineSeconds)} after open, then people are paged`,
    `    goal          ${duration(goalSeconds)}`,
    ...slowness(clock),
    ...unapproved(service),
  ];
}

const rungsText = ({ rungs }: PolicyClock): string =>
  rungs
    .map(
      ({ actSeconds, cacheSeconds, verifySeconds }) =>
        `act ${actSeconds} s + readers ${cacheSeconds} s + window and lag ${verifySeconds} s`,
    )
    .join(', then ');

/** What is left out of an alarm's plan: without any lever that plan is refused. */
function unapproved({ policy, runbook: { preApproved } }: Service): string[] {
  const pulled = [...new Set(policy.do.flat().map(({ lever }) => lever))];
  const left = pulled.filter((lever) => !preApproved.includes(lever));
  if (left.length === 0) return [];
  const what =
    left.length === pulled.length ? 'pulls nothing and pages people' : `leaves out ${left.join(', ')}`;
  return [`    warning: an alarm alone ${what}; "pre-approved" names the levers that it may pull`];
}

/** Detection is left out: the goal's clock starts with the alarm. */
const slowness = ({ withinGoal, recoverSeconds, goalSeconds }: PolicyClock): string[] =>
  withinGoal
    ? []
    : [
        `    warning: ${duration(recoverSeconds)} is past the goal of ${duration(goalSeconds)}; shorten verify or the periods of its signals, drop a rung, or set another goal`,
      ];
