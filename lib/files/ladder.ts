import * as z from 'zod';
import type { Pull } from '../core/service.ts';
import { mapping, name, oneOf, read, says } from './forms.ts';
import { allRead, type Wrong, wrong } from './problem.ts';

const VERBS = ['off', 'back'] as const satisfies readonly Pull['verb'][];
const PULL = /^([a-z][a-z0-9-]{0,39})\s+(off|back)$/;
const RUNG = /^\S+\s+(off|back)(\s+and\s+\S+\s+(off|back))*$/;
const LADDER = /^\S+\s+(off|back)(\s*,?\s+(then|and)\s+\S+\s+(off|back))*$/;

const PULL_EXAMPLE = '<lever> off or <lever> back';
const RUNG_EXAMPLE = 'a rung such as new-features off and champion back, or a list of pulls';
const LADDER_EXAMPLE = 'a ladder such as new-features off, then champion back';

const pullFormat = z.union(
  [
    read(PULL, parsePull, PULL_EXAMPLE).describe(PULL_EXAMPLE),
    mapping({
      lever: name.describe('Name of a lever of this file'),
      verb: oneOf(VERBS).describe('off: the declared safe value of a flag; back: the value of the baseline'),
    }),
  ],
  { error: says('not a pull', PULL_EXAMPLE) },
);

const rungFormat = z.union(
  [
    read(RUNG, parseRung, RUNG_EXAMPLE).describe('<lever> off and <lever> back'),
    z
      .array(pullFormat, { error: says('not a rung', RUNG_EXAMPLE) })
      .min(1, { error: says('rung is empty', RUNG_EXAMPLE) })
      .describe('The pulls of one rung, side by side'),
  ],
  { error: says('not a rung', RUNG_EXAMPLE) },
);

/** `new-features off, then champion back`, or the rungs as a list. */
export const ladderFormat = z.union(
  [
    read(LADDER, parseLadder, LADDER_EXAMPLE).describe(
      'Rungs joined by "then", pulls of one rung joined by "and"',
    ),
    z
      .array(rungFormat, { error: says('not a ladder', LADDER_EXAMPLE) })
      .min(1, { error: says('ladder is empty', LADDER_EXAMPLE) })
      .describe('The rungs in order'),
  ],
  { error: says('not a ladder', LADDER_EXAMPLE) },
);

/** `a off and b back, then c back` */
function parseLadder(typed: string): Pull[][] | Wrong {
  return allRead(typed.split(/\s*,?\s+then\s+/).map(parseRung));
}

/** `a off and b back` */
function parseRung(typed: string): Pull[] | Wrong {
  return allRead(typed.split(/\s+and\s+/).map(parsePull));
}

function parsePull(typed: string): Pull | Wrong {
  const [, lever = '', verb] = PULL.exec(typed) ?? [];
  if (verb === 'off' || verb === 'back') return { lever, verb };
  return wrong(`"${typed}" is not a pull`, `${PULL_EXAMPLE}, joined by "and" or "then"`);
}
