/** A notifier over stand-ins of the vendors: all that a function has, but SNS answers at once. */
import type { SNSClient } from '@aws-sdk/client-sns';
import { memoryLedger } from '../../../lib/adapters/memory/ledger.ts';
import { memoryWorld } from '../../../lib/adapters/memory/world.ts';
import { channelNotifier } from '../../../lib/adapters/notify/notifier.ts';
import { pagerDutyChannel } from '../../../lib/adapters/notify/pagerduty.ts';
import { slackChannel } from '../../../lib/adapters/notify/slack.ts';
import type { CallEntry } from '../../../lib/core/service.ts';
import type { Message } from '../../../lib/ports/notifier.ts';
import { stubClient } from '../stub-client.ts';
import { pagerDutyStandIn } from './pagerduty-stand-in.ts';
import { PAGERDUTY_SECRET, SLACK_SECRET, someSecrets } from './secrets.ts';
import { slackStandIn } from './slack-stand-in.ts';

export const CHANNEL = 'C024BE91L';
export const INCIDENT = 'recommender-20261121T090000-0123abcd';

export const aPage = (over: Partial<Message> = {}): Message => ({
  urgency: 'page',
  service: 'recommender',
  incident: INCIDENT,
  subject: 'recommender (prod) needs you',
  text: 'The automation gave up',
  call: [],
  ...over,
});

const MUTE = { send: () => new Promise<never>(() => undefined) };

interface Over {
  /** How long a channel may take, by a real clock. */
  readonly budgetMs?: number;
  readonly insecureLocal?: boolean;
  /** Secrets Manager never answers. */
  readonly mute?: boolean;
}

export async function someChannels({ budgetMs, insecureLocal = true, mute = false }: Over = {}) {
  const world = memoryWorld();
  const [slack, pagerDuty] = await Promise.all([slackStandIn(CHANNEL), pagerDutyStandIn()]);
  const { client: secrets, sent: askedSecrets } = someSecrets();
  const { client, sent: published } = stubClient<SNSClient>({ MessageId: 'm-1' });
  const reach = {
    secrets: mute ? MUTE : secrets,
    clock: world.clock,
    ledger: memoryLedger(world),
    environment: 'prod',
    insecureLocal,
  };
  const entries = {
    slack: { kind: 'slack', to: CHANNEL, secret: SLACK_SECRET, url: slack.url },
    pagerDuty: { kind: 'pagerduty', to: 'ML platform', secret: PAGERDUTY_SECRET, url: pagerDuty.url },
  } as const satisfies Record<string, CallEntry>;
  const notifier = channelNotifier({
    client,
    topics: ['environment'],
    paged: [],
    channels: { slack: slackChannel(reach), pagerduty: pagerDutyChannel(reach) },
    clock: world.clock,
    ...(budgetMs !== undefined && { budgetMs }),
  });
  return {
    world,
    notifier,
    slack: slack.state,
    pagerDuty: pagerDuty.state,
    published,
    askedSecrets,
    entries,
  };
}
