import { BadInput } from '../core/errors.ts';
import type { Outcome } from '../simulation/run.ts';
import type { Answer } from './answer.ts';
import { command } from './desk.ts';
import type { Register } from './program.ts';
import { type Counter, counterOn } from './seed-counter.ts';
import type { Given, Session } from './session.ts';
import { summaryAnswer } from './simulation-page.ts';
import { readSubject, type Subject } from './simulation-subject.ts';
import { factsOf, type SeedFacts, summaryOf } from './simulation-summary.ts';
import { stopwatch } from './text.ts';
import { refuse } from './validate.ts';

export const simulateCommand: Register = (program, act) => {
  program
    .command('simulate')
    .description('run a service file through seeded incidents, offline, and print how they end')
    .argument('<service>')
    .option('--seeds <n>', 'how many', '200')
    .option('--from <k>', 'the first one', '1')
    .option('--trace', 'print all that happens in one seed; with --seeds 1')
    .action(act(async (session, given) => simulate(session, wishOf(given))));
};

interface Wish {
  readonly service: string;
  readonly seeds: number;
  readonly from: number;
  readonly trace: boolean;
}

const MOST_SEEDS = 1_000_000;
const LAST_SEED = 1_000_000_000_000;
/** Enough for a p95; as many again would tell no more. */
const MOST_CALM = 50;

/** @throws BadInput */
function wishOf({ args: [service = ''], options }: Given): Wish {
  const seeds = whole(options['seeds'], '--seeds', MOST_SEEDS);
  const from = whole(options['from'], '--from', LAST_SEED);
  const trace = options['trace'] === true;
  if (!trace || seeds === 1) return { service, seeds, from, trace };
  throw new BadInput(
    `Cannot trace ${seeds} seeds at once; expected --seeds 1 with --trace, and --from <seed>`,
  );
}

function whole(value: unknown, option: string, most: number): number {
  const found = /^\d{1,15}$/.test(String(value)) ? Number(value) : 0;
  if (found >= 1 && found <= most) return found;
  throw new BadInput(`Cannot use ${option} "${value}": expected a whole number from 1 to ${most}`);
}

async function simulate(session: Session, wish: Wish): Promise<Answer> {
  const subject = readSubject(session, wish.service);
  if (!subject.ok) return refuse(subject.problems);
  return wish.trace ? trace(subject.value, wish) : summarise(session, subject.value, wish);
}

type RunSeed = (seed: number, allowed?: ReadonlySet<string>) => Promise<Outcome>;

/** The interpreter takes a while to load: no other command shall wait for it. What a policy does shows in mode act. */
async function seedsOf({ services }: Subject): Promise<RunSeed> {
  const run = await import('../simulation/run.ts');
  return (seed, allowed) => run.simulate({ seed, services, mode: 'act', ...(allowed && { allowed }) });
}

async function trace(subject: Subject, { service, from }: Wish): Promise<Answer> {
  const runSeed = await seedsOf(subject);
  const { trace: lines, violations, endings } = await runSeed(from);
  const own = endings.filter((ending) => ending.service === service);
  const ends = own.map(
    ({ incident, ending, timeToRecover }) =>
      `${incident} ended: ${ending}${timeToRecover === undefined ? '' : ` in ${stopwatch(timeToRecover)}`}`,
  );
  return {
    lines: [...lines, ...ends],
    json: { seed: from, service, endings: own, violations, trace: lines },
    exit: violations.length > 0 ? 1 : 0,
  };
}

async function summarise({ host }: Session, subject: Subject, wish: Wish): Promise<Answer> {
  const { environment, services } = subject;
  const { service, from } = wish;
  const { goalSeconds } = services[0].service.runbook;
  const many = await runMany(await seedsOf(subject), wish, counterOn(host.terminal));
  return summaryAnswer(summaryOf(many.rough, many.calm, goalSeconds), {
    service,
    environment: environment.name,
    from,
    goalSeconds,
    look: (seed) => command({ environment }, `simulate ${service} --seeds 1 --from ${seed} --trace`),
    columns: host.terminal.columns,
  });
}

/** All seeds; then the first of them once more, with no fault allowed: how the policy does by itself. */
async function runMany(runSeed: RunSeed, { service, seeds, from }: Wish, counter: Counter) {
  const rough: SeedFacts[] = [];
  const calm: SeedFacts[] = [];
  const total = seeds + Math.min(seeds, MOST_CALM);
  try {
    for (let n = 0; n < total; n++) {
      const quiet = n >= seeds;
      const outcome = quiet ? await runSeed(from + n - seeds, new Set()) : await runSeed(from + n);
      (quiet ? calm : rough).push(factsOf(outcome, service));
      counter.count(n + 1, total);
    }
  } finally {
    counter.clear();
  }
  return { rough, calm };
}
