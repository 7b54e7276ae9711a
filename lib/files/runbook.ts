import type { Runbook } from '../core/service.ts';
import { readCall } from './call-format.ts';
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
  if (!of.environment) return undefined;
  const { goalSeconds, insecureLocal, paged } = of.environment;
  const rules = { insecureLocal, replacements: of.replacements };
  const called = readCall(call, { rules, path: ['runbook', 'call'] }, refuse);
  const everybody = [...paged, ...called];
  if (everybody.length === 0) refuse(['runbook'], NOBODY, true);
  else if (everybody.every(({ afterSeconds }) => afterSeconds !== undefined))
    refuse(['runbook'], NOBODY_AT_ONCE, true);
  return { goalSeconds: goal ?? goalSeconds, call: called, preApproved };
}

function checkPreApproved(names: readonly string[], { levers }: Declared, refuse: Refuse): void {
  for (const [index, name] of names.entries()) {
    const path = ['runbook', 'pre-approved', index];
    if (!levers.has(name)) refuse(path, undeclared('lever', name, levers));
    else if (names.indexOf(name) < index)
      refuse(path, wrong(`lever "${name}" is named twice`, 'each lever once'));
  }
}

const NOBODY_AT_ONCE = wrong('nobody is called at once', 'an entry without "after"');
const NOBODY = wrong('nobody is called', 'an entry in "call" here, or in "paged" of environment.yaml');
