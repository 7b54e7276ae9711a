import type { Lever, Service } from '../core/service.ts';
import { declaredIn } from './declared.ts';
import { explain } from './explain.ts';
import { type Finding, problemOf, type Refuse, refusing } from './findings.ts';
import { NAME, NAME_WORDS } from './forms.ts';
import { readLevers } from './levers.ts';
import type { Source } from './places.ts';
import { readPolicy } from './policy.ts';
import { type Problem, wholeFile, wrong } from './problem.ts';
import { readRunbook } from './runbook.ts';
import { serviceFormat } from './service-format.ts';
import { checkAlarmUse, readSignals } from './signals.ts';
import type { Surroundings } from './surroundings.ts';
import { parseYaml, type SourceFile } from './yaml-text.ts';

/** A service's file; its name is the service's. */
export interface ServiceSource extends SourceFile {
  readonly name: string;
}

/** What came out of a service file; what could be read is there although something else could not. */
export interface ServiceReading {
  readonly problems: readonly Problem[];
  readonly source?: Source | undefined;
  readonly levers: readonly Lever[];
  readonly service?: Service | undefined;
}

/** SSM keeps the armed files of all services under this name, where a service's mode would be (core/environment.ts). */
const RESERVED_NAME = 'armed';

/** One service file: its value, or all that is wrong with it. */
export function readService(file: ServiceSource, around: Surroundings): ServiceReading {
  const { problems, source, value } = parseYaml(file);
  const before = [...nameProblems(file), ...problems];
  if (!source) return { problems: before, levers: [] };
  const findings: Finding[] = explain(serviceFormat.safeParse(value).error?.issues ?? [], value);
  const { levers, ...read } = readParts(value as Record<string, unknown>, around, refusing(findings));
  const all = [...before, ...findings.map((finding) => problemOf(source, finding))];
  const { runbook, policy, signals } = read;
  const service = all.length === 0 &&
    runbook &&
    policy && { name: file.name, signals, levers, runbook, policy };
  return { problems: all, source, levers, ...(service && { service }) };
}

function nameProblems({ file, name }: ServiceSource): Problem[] {
  if (!NAME.test(name))
    return [wholeFile(file, wrong('file is not named like a service', `${NAME_WORDS}, then .yaml`))];
  if (name === RESERVED_NAME)
    return [wholeFile(file, wrong(`service name "${name}" is reserved`, 'another name'))];
  return [];
}

function readParts(value: Readonly<Record<string, unknown>>, around: Surroundings, refuse: Refuse) {
  const declared = declaredIn(value);
  const signals = readSignals(declared, around.environment, refuse);
  const levers = readLevers(declared, around, refuse);
  const runbook = readRunbook(value['runbook'], { ...around, declared }, refuse);
  const policy = readPolicy(value['policy'], declared, refuse);
  if (policy) checkAlarmUse(declared, policy.when, refuse);
  return { signals, levers, runbook, policy };
}
