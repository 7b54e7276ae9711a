import type { Policy, Pull } from '../core/service.ts';
import { type Declared, undeclared } from './declared.ts';
import type { Refuse } from './findings.ts';
import { ladderFormat } from './ladder.ts';
import type { Path } from './places.ts';
import { wrong } from './problem.ts';

/** The ladder; each of its pulls has to name a lever that can do what is asked. */
export function readLadder(value: unknown, { levers }: Declared, refuse: Refuse): Policy['do'] | undefined {
  const ladder = ladderFormat.safeParse(value).data;
  for (const [r, rung] of (ladder ?? []).entries()) {
    for (const [p, pull] of rung.entries()) {
      const path = ['policy', 'do', r, p];
      checkLever(pull, { levers, path }, refuse);
      if (rung.slice(0, p).some((earlier) => earlier.lever === pull.lever)) refuse(path, twice(pull));
    }
  }
  return ladder;
}

function checkLever(
  { lever, verb }: Pull,
  at: Pick<Declared, 'levers'> & { path: Path },
  refuse: Refuse,
): void {
  if (!at.levers.has(lever)) {
    refuse([...at.path, 'lever'], undeclared('lever', lever, at.levers));
    return;
  }
  const kind = at.levers.get(lever)?.kind;
  if (verb === 'back' || kind === undefined || kind === 'flag') return;
  const words = wrong(`"off" is for flags, and "${lever}" is ${A_KIND[kind]}`, `"${lever} back"`);
  refuse([...at.path, 'verb'], words);
}

const A_KIND = {
  alias: 'an alias',
  rollout: 'a Rollout',
  deployment: 'a Deployment',
  helm: 'a Helm release',
  git: 'a branch of Git',
} as const;

const twice = ({ lever }: Pull) =>
  wrong(`lever "${lever}" is pulled twice in one rung`, 'each lever once in a rung, or "then" between them');
