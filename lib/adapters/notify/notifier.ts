/** Everybody who is called, each by their own channel: one that is slow or down keeps no other from being told (F48). */
import { calledFor } from '../../core/called.ts';
import type { Acknowledged } from '../../core/desk.ts';
import { sentenceOf } from '../../core/errors.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Delivery, Message, Notifier } from '../../ports/notifier.ts';
import { bounded } from './bound.ts';
import type { Channel } from './channel.ts';
import { type SnsDeps, snsNotifier } from './sns.ts';

export interface NotifierDeps extends SnsDeps {
  /** Whom the environment calls for every service, beside its topics. */
  readonly paged: readonly CallEntry[];
  readonly channels: Readonly<Record<'slack' | 'pagerduty', Channel>>;
  /** @default CHANNEL_BUDGET_MS */
  readonly budgetMs?: number;
}

export const channelNotifier = (deps: NotifierDeps): Notifier => ({
  send: async (message) => {
    const call = calledFor(deps.paged, message);
    const [topics, others] = await Promise.all([
      snsNotifier(deps).send({ ...message, call }),
      Promise.all(call.map((entry) => deliver(deps, entry, message))),
    ]);
    return [...topics, ...others.flat()];
  },
  acknowledgement: async ({ incident, call }) => {
    const everybody = calledFor(deps.paged, { call, event: 'acknowledged' });
    const answers = await Promise.all(everybody.map((entry) => ask(deps, entry, incident)));
    return answers.flat().sort((a, b) => a.at - b.at)[0];
  },
});

const channelOf = ({ channels }: NotifierDeps, { kind }: CallEntry): Channel | undefined =>
  kind === 'slack' || kind === 'pagerduty' ? channels[kind] : undefined;

async function deliver(deps: NotifierDeps, entry: CallEntry, message: Message): Promise<Delivery[]> {
  const channel = channelOf(deps, entry);
  if (!channel) return [];
  const { clock, budgetMs } = deps;
  const where = { channel: entry.kind, to: entry.to };
  try {
    const said = await bounded(clock, (bound) => channel.say(entry, message, bound), budgetMs);
    return said ? [{ ...where, outcome: 'sent', at: clock.now(), ...said }] : [];
  } catch (error) {
    return [{ ...where, outcome: 'failed', at: clock.now(), problem: sentenceOf(error) }];
  }
}

/** Not to know it means to call the next one, which is what happens when nobody answers. */
async function ask(deps: NotifierDeps, entry: CallEntry, incident: string): Promise<Acknowledged[]> {
  const channel = channelOf(deps, entry);
  try {
    const found = await bounded(
      deps.clock,
      async (bound) => channel?.acknowledgement?.(entry, incident, bound),
      deps.budgetMs,
    );
    return found ? [found] : [];
  } catch {
    return [];
  }
}
