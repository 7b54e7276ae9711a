/** `--to`: where a person wants a rollback to go. */
import { Option } from 'commander';
import { AIMED_VALUE, type Aim, BASELINE_ID } from '../core/aim.ts';
import { BadInput } from '../core/errors.ts';
import { COMMIT } from '../core/git-lever.ts';
import type { ArmedService, Lever } from '../core/service.ts';

const NAMED = /^([a-z][a-z0-9-]{0,39})=(.+)$/;
const EXPECTED = 'the id of a baseline, or <lever>=<value> such as helm=7';

export const aimOption = (): Option =>
  new Option(
    '--to <baseline or lever=value>',
    'another target than the newest baseline; may be repeated',
  ).argParser((typed: string, before: readonly string[] = []) => [...before, typed]);

/** @throws BadInput when it names nothing that the service has. */
export function aimOf(armed: ArmedService, typed: unknown): Aim | undefined {
  if (!Array.isArray(typed) || typed.length === 0) return undefined;
  const words = typed.map(String);
  const baselines = words.filter((word) => BASELINE_ID.test(word));
  const values = Object.fromEntries(
    words.filter((word) => !BASELINE_ID.test(word)).map((word) => namedValue(armed, word)),
  );
  if (baselines.length > 1)
    throw new BadInput(`Cannot go to ${baselines.join(' and ')}; expected one baseline`);
  return {
    ...(baselines[0] && { baseline: baselines[0] }),
    ...(Object.keys(values).length > 0 && { values }),
  };
}

/** A lever by its name, or by its kind where the service has one of that kind. */
function namedValue({ service }: ArmedService, word: string): [string, string] {
  const [, name = '', value = ''] = NAMED.exec(word) ?? [];
  if (!AIMED_VALUE.test(value)) throw new BadInput(`Cannot go to "${word}"; expected ${EXPECTED}`);
  const lever = leverCalled(service.levers, name);
  if (lever?.kind === 'git' && !COMMIT.test(value))
    throw new BadInput(`Cannot go to "${word}"; expected a commit of "${lever.branch}" by its 40 hex digits`);
  if (lever) return [lever.name, value];
  const known = service.levers.map((l) => l.name).join(', ');
  throw new BadInput(
    `Cannot go to "${word}": "${service.name}" has no lever "${name}"; expected one of ${known}`,
  );
}

function leverCalled(levers: readonly Lever[], name: string): Lever | undefined {
  const ofKind = levers.filter(({ kind }) => kind === name);
  return levers.find((lever) => lever.name === name) ?? (ofKind.length === 1 ? ofKind[0] : undefined);
}

/** As it would be typed again. */
export const aimWords = (aim: Aim | undefined): string =>
  [aim?.baseline, ...Object.entries(aim?.values ?? {}).map(([name, value]) => `${name}=${value}`)]
    .flatMap((word) => (word ? [` --to ${word}`] : []))
    .join('');
