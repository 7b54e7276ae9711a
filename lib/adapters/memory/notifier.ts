import { calledFor } from '../../core/called.ts';
import { sentenceOf } from '../../core/errors.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Delivery, Message, Notifier } from '../../ports/notifier.ts';
import type { Operation } from './trouble.ts';
import type { MemoryWorld } from './world.ts';

type Place = Pick<CallEntry, 'kind' | 'to'>;

/** What the twin asks of each kind; whoever subscribes to the topic is told by it. */
const OPERATIONS: Partial<Record<CallEntry['kind'], Operation>> = {
  sns: 'sns.Publish',
  slack: 'slack.PostMessage',
  pagerduty: 'pagerduty.Enqueue',
};

/** Keeps what was sent; never throws, also when a channel is down. */
export const memoryNotifier = (
  world: MemoryWorld,
  topic = 'environment',
  paged: readonly CallEntry[] = [],
): Notifier => ({
  send: async (message) => {
    const call = calledFor(paged, message);
    const own: Place[] = message.onlyCall ? [] : [{ kind: 'sns', to: topic }];
    const places = [...own, ...call].filter(({ kind, to }, i) => i === 0 || kind !== 'sns' || to !== topic);
    const deliveries = places.map((place) => deliver(world, place, message));
    return (await Promise.all(deliveries)).flat();
  },
  acknowledgement: async ({ incident, call }) => {
    if (!calledFor(paged, { call, event: 'acknowledged' }).some(({ kind }) => kind === 'pagerduty'))
      return undefined;
    try {
      return await world.trouble.during('pagerduty.ListIncidents', () => world.acknowledged.get(incident));
    } catch {
      return undefined;
    }
  },
});

async function deliver(world: MemoryWorld, { kind, to }: Place, message: Message): Promise<Delivery[]> {
  const operation = OPERATIONS[kind];
  // Every event of PagerDuty's calls somebody: a notification that ends nothing is none.
  const silent = kind === 'pagerduty' && message.urgency === 'notification' && !message.event;
  if (!operation || silent) return [];
  const at = world.clock.now();
  try {
    const id = await world.trouble.during(operation, () => String(world.messages.push({ ...message, to })));
    return [{ channel: kind, to, outcome: 'sent', at, id }];
  } catch (error) {
    return [{ channel: kind, to, outcome: 'failed', at, problem: sentenceOf(error) }];
  }
}
