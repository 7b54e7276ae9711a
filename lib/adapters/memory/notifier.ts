import { sentenceOf } from '../../core/errors.ts';
import type { Delivery, Message, Notifier } from '../../ports/notifier.ts';
import type { MemoryWorld } from './world.ts';

/** Keeps what was sent; never throws, also when its channel is down. */
export const memoryNotifier = (world: MemoryWorld, topic = 'environment'): Notifier => ({
  send: (message) => {
    const own = message.call.filter(({ kind }) => kind === 'sns').map(({ to }) => to);
    return Promise.all([...new Set([topic, ...own])].map((to) => deliver(world, to, message)));
  },
});

async function deliver(world: MemoryWorld, to: string, message: Message): Promise<Delivery> {
  const at = world.clock.now();
  try {
    const id = await world.trouble.during('sns.Publish', () =>
      String(world.messages.push({ ...message, to })),
    );
    return { channel: 'sns', to, outcome: 'sent', at, id };
  } catch (error) {
    return { channel: 'sns', to, outcome: 'failed', at, problem: sentenceOf(error) };
  }
}
