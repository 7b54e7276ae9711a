import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { cutTo } from '../../core/cut.ts';
import { sentenceOf } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { Clock } from '../../ports/clock.ts';
import { CHANNEL_BUDGET_MS, type Delivery, type Message, type Notifier } from '../../ports/notifier.ts';
import { outside } from '../aws-errors.ts';

export interface SnsDeps {
  readonly client: SNSClient;
  /** The environment's own topic, to which e-mail and https entries subscribe, and those it pages beside it. */
  readonly topics: readonly string[];
  readonly clock: Clock;
}

/** Publishes to the environment's topics and to those that `message.call` names. */
export const snsNotifier = (deps: SnsDeps): Pick<Notifier, 'send'> => ({
  send: (message) => {
    const own = message.call.filter(({ kind }) => kind === 'sns').map(({ to }) => to);
    const topics = [...new Set([...(message.onlyCall ? [] : deps.topics), ...own])];
    return Promise.all(topics.map((topic) => deliver(deps, topic, message)));
  },
});

async function deliver({ client, clock }: SnsDeps, to: string, message: Message): Promise<Delivery> {
  try {
    const command = new PublishCommand({ TopicArn: to, ...contentOf(message) });
    const { MessageId } = await client.send(command, { abortSignal: AbortSignal.timeout(CHANNEL_BUDGET_MS) });
    const id = MessageId === undefined ? {} : { id: MessageId };
    return { channel: 'sns', to, outcome: 'sent', at: clock.now(), ...id };
  } catch (error) {
    const problem = sentenceOf(outside(`publish to "${to}"`, error));
    return { channel: 'sns', to, outcome: 'failed', at: clock.now(), problem };
  }
}

/** Of 262,144 bytes that SNS takes, attributes included; four bytes a character at worst. */
const LONGEST_TEXT = 60_000;

function contentOf({ urgency, service, incident, subject, text }: Message) {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    Subject: subjectOf(subject),
    Message: cutTo(text, LONGEST_TEXT) || subject,
    MessageAttributes: {
      // SNS refuses an attribute without a value: what is refused at the door belongs to no service.
      ...(service !== '' && { service: attribute(service) }),
      urgency: attribute(urgency),
      ...(incident !== undefined && { incident: attribute(incident) }),
    },
  };
}

/** SNS wants ASCII without line breaks, not beginning with a space, less than 100 characters. */
const subjectOf = (subject: string): string =>
  printable(subject)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 99) || 'Reinstate';
