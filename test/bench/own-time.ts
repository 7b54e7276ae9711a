/** What the functions of an incident cost by themselves: without the simulator's network, interpreter and judge. */
import { type MemoryClock, memoryClock } from '../../lib/adapters/memory/clock.ts';
import { noTrouble } from '../../lib/adapters/memory/trouble.ts';
import { twinsOf } from '../../lib/adapters/memory/twins.ts';
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import { FUNCTION_TIMEOUT_SECONDS, type FunctionName } from '../../lib/core/function-env.ts';
import type { ArmedService } from '../../lib/core/service.ts';
import type { Environment } from '../../lib/simulation/environment.ts';
import { functionNamed } from '../../lib/simulation/functions.ts';
import { seriesOf } from '../../lib/simulation/measures.ts';

/** A run of a function: what it was handed, when, the world as it was then, and where the incident went on. */
export interface Invocation {
  readonly name: FunctionName;
  readonly payload: object;
  /** Epoch ms. */
  readonly at: number;
  readonly world: Omit<MemoryWorld, 'clock' | 'trouble'>;
  next: unknown;
}

/** Writes down every run of a function; the sweeper's are left out: it comes with an incident and without. */
export function recordInvocations({ functions, world, scheduler }: Environment): readonly Invocation[] {
  const seen: Invocation[] = [];
  const invoke = functions.invoke.bind(functions);
  functions.invoke = async (name, payload, execution) => {
    if (name === 'sweeper') return invoke(name, payload, execution);
    const { clock: _clock, trouble: _trouble, ...standing } = world;
    const at = scheduler.clock.now();
    const one: Invocation = { name, payload, at, world: structuredClone(standing), next: undefined };
    seen.push(one);
    const answer = await invoke(name, payload, execution);
    one.next = nextOf(answer);
    return answer;
  };
  return seen;
}

/**
 * Runs the functions of an incident once more, one after another over one table; all else in the world is as each found
 * it. Counted is the whole process, from the start of the first handler to the answer of the last, the work of the
 * twins included; the copies that each gets of the world are made before.
 * @returns ms of processor time.
 * @throws when a function sends the incident elsewhere than it went.
 */
export async function ownTime(seen: readonly Invocation[], armed: ArmedService): Promise<number> {
  const items = new Map(seen[0]?.world.items);
  const ready = seen.map((one) => madeReady(one, { items, armed }));
  const answers: unknown[] = [];
  const before = process.cpuUsage();
  for (const run of ready) answers.push(nextOf(await run()));
  const { user, system } = process.cpuUsage(before);
  const astray = seen.find(({ next }, i) => answers[i] !== next);
  if (astray) throw new Error(`Cannot time ${astray.name}: it did not go on to "${astray.next}" this time`);
  return (user + system) / 1000;
}

function madeReady(
  { name, payload, at, world: standing }: Invocation,
  { items, armed }: { readonly items: MemoryWorld['items']; readonly armed: ArmedService },
): () => Promise<object> {
  const { environment, account, region, service, alarms } = armed;
  const rules = { environment, account, region, allowed: { [service.name]: alarms.map(({ arn }) => arn) } };
  const world = { ...structuredClone(standing), items, clock: patientClock(at), trouble: noTrouble() };
  const input = structuredClone(payload) as never;
  const endsAt = at + FUNCTION_TIMEOUT_SECONDS[name] * 1000;
  const context = { getRemainingTimeInMillis: () => endsAt - world.clock.now() } as never;
  return () => functionNamed(name, twinsOf(world, environment, seriesOf), rules)(input, context);
}

/** Whoever sleeps wakes when nothing else is left to do: a twin's answer is never late. */
function patientClock(startsAt: number): MemoryClock {
  const clock = memoryClock(startsAt);
  const sleep = async (ms: number) => {
    const wakesAt = clock.now() + ms;
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(Math.max(0, wakesAt - clock.now()));
  };
  return { ...clock, sleep };
}

/** A function of a lever answers with what became of its step. */
const nextOf = (answer: object): unknown =>
  'next' in answer ? answer.next : 'outcome' in answer && answer.outcome;
