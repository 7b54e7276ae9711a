import type { Runbook } from '../core/service.ts';
import { type Declared, undeclared } from './declared.ts';
import type { Refuse } from './findings.ts';
import { wrong } from './problem.ts';
import { runbookFormat } from './service-format.ts';
import type { Surroundings } from './surroundings.ts';

/** The runbook, with the environment's goal where it names none. */
export function readRunbook(
  value: unknown,
  of: Surroundings & { declared: Declared },
  refuse: Refuse,
): Runbook | undefined {
  const written = runbookFormat.safeParse(value).data;
  if (!written) return undefined;
  const { goal, call, 'pre-approved': preApproved } = written;
  checkPreApproved(preApproved, of.declared, refuse);
  if (call.length === 0 && of.environment?.paged.length === 0) refuse(['runbook'], NOBODY, true);
  return of.environment && { goalSeconds: goal ?? of.environment.goalSeconds, call, preApproved };
}

function checkPreApproved(names: readonly string[], { levers }: Declared, refuse: Refuse): void {
  for (const [index, name] of names.entries()) {
    const path = ['runbook', 'pre-approved', index];
    if (!levers.has(name)) refuse(path, undeclared('lever', name, levers));
    else if (names.indexOf(name) < index)
      refuse(path, wrong(`lever "${name}" is named twice`, 'each lever once'));
  }
}

const NOBODY = wrong('nobody is called', 'an entry in "call" here, or in "paged" of environment.yaml');
