import { COMMIT } from './git-lever.ts';
import type { Baseline, Quarantine, Release } from './release.ts';
import { type ArmedService, targetOf } from './service.ts';
import type { Candidate } from './step.ts';

export const BASELINE_ID = /^[a-z][a-z0-9-]{0,39}-b\d{8}T\d{6}$/;
/** Values become keys, arguments and pages: no blanks, no quotes, no leading hyphen (F38). */
export const AIMED_VALUE = /^[A-Za-z0-9_][\w.:/@+-]{0,199}$/;

/** Where a person wants a rollback to go: a deeper baseline by its id, or single values by the names of their levers. */
export interface Aim {
  readonly baseline?: string | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
}

interface Known {
  readonly armed: ArmedService;
  /** The proven ones, newest first. */
  readonly baselines: readonly Baseline[];
  /** What is in force. */
  readonly quarantine: readonly Quarantine[];
}

/** The baselines to plan with, newest first, or why the aim cannot be followed. Whether a value fits is seen later. */
export function aimedAt(aim: Aim | undefined, known: Known): readonly Baseline[] | string {
  if (!aim) return known.baselines;
  const from = aim.baseline ? known.baselines.findIndex(({ id }) => id === aim.baseline) : 0;
  if (from < 0)
    return `baseline "${aim.baseline}" is not recorded, or holds something that is quarantined: see the list of baselines`;
  const baselines = known.baselines.slice(from);
  const named = Object.entries(aim.values ?? {});
  if (named.length === 0) return baselines;
  const release: Record<string, Release[string]> = {};
  for (const [name, value] of named) {
    const target = targetFor(known, name, value);
    if ('objection' in target) return target.objection;
    release[target.is] = { value };
  }
  return [byHand(baselines[0], release), ...baselines];
}

/** What a value is named for, or why it may not be put there. */
function targetFor(
  { armed, quarantine }: Known,
  name: string,
  value: string,
): { readonly is: string } | { readonly objection: string } {
  const lever = armed.service.levers.find((l) => l.name === name);
  if (!lever) return { objection: `the service has no lever "${name}"` };
  if (lever.kind === 'git' && !COMMIT.test(value))
    return { objection: `"${value}" is no commit for lever "${name}": expected 40 hex digits` };
  const target = targetOf(lever);
  const barred = quarantine.find((q) => q.target === target && q.value === value);
  if (!barred) return { is: target };
  return { objection: `"${value}" of ${target} is quarantined since incident ${barred.incident}` };
}

/**
 * The aim with each value under the name that its target gives it, or nothing where all have theirs: what is barred,
 * planned and found afterwards goes by that one.
 */
export function meantBy(
  aim: Aim | undefined,
  { service }: ArmedService,
  seen: (target: string) => Candidate | undefined,
): Aim | undefined {
  const values = Object.entries(aim?.values ?? {}).map(([name, value]): [string, string] => {
    const lever = service.levers.find((l) => l.name === name);
    const candidate = lever && seen(targetOf(lever));
    return [name, (candidate?.value === value && candidate.meant) || value];
  });
  const isSame = values.every(([name, value]) => aim?.values?.[name] === value);
  return isSame ? undefined : { ...aim, values: Object.fromEntries(values) };
}

/** What was named, on top of the newest baseline; there may be none yet. */
const byHand = (newest: Baseline | undefined, named: Release): Baseline => ({
  id: newest ? `${newest.id} with values named by hand` : 'values named by hand',
  recordedAt: newest?.recordedAt ?? 0,
  by: newest?.by ?? 'a person',
  release: { ...newest?.release, ...named },
});
