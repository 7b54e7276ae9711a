import { describe, expect, it } from '@jest/globals';
import { aPage, CHANNEL, INCIDENT, someChannels } from './channels.ts';
import { SPOILT_SECRET, TOKEN } from './secrets.ts';

const sent = (deliveries: readonly { channel: string; outcome: string; problem?: string }[]) =>
  deliveries.filter(({ channel }) => channel === 'slack').map(({ outcome, problem }) => problem ?? outcome);

describe('a channel of Slack', () => {
  it('gets one message for an incident, which says how it stands, and all that was said below it', async () => {
    const { notifier, slack, entries } = await someChannels();
    const call = [entries.slack];

    await notifier.send(aPage({ subject: 'rollback is late', call }));
    const deliveries = await notifier.send(
      aPage({ urgency: 'notification', subject: 'recovered', text: 'All is well', event: 'over', call }),
    );

    expect(sent(deliveries)).toEqual(['sent']);
    const [head, first, second] = slack.messages;
    expect(slack.messages).toHaveLength(3);
    expect(head?.text).toBe(`*recovered*\nIncident \`${INCIDENT}\``);
    expect(first).toMatchObject({ thread_ts: head?.ts, text: '*rollback is late*\nThe automation gave up' });
    expect(second).toMatchObject({ thread_ts: head?.ts, text: '*recovered*\nAll is well' });
  });

  it('shows a page that is said in a thread to the whole channel', async () => {
    const { notifier, slack, entries } = await someChannels();

    await notifier.send(aPage({ call: [entries.slack] }));
    await notifier.send(aPage({ call: [entries.slack], subject: 'still open' }));

    expect(slack.messages.map(({ reply_broadcast }) => reply_broadcast ?? false)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('begins anew where somebody deleted its message', async () => {
    const { notifier, slack, entries } = await someChannels();
    await notifier.send(aPage({ call: [entries.slack] }));
    slack.messages.splice(0);

    const deliveries = await notifier.send(aPage({ call: [entries.slack] }));

    expect(sent(deliveries)).toEqual(['sent']);
    expect(slack.messages).toHaveLength(2);
  });

  it('keeps no thread for what belongs to no incident', async () => {
    const { notifier, slack, entries, world } = await someChannels();
    const { incident: _, ...message } = aPage({ call: [entries.slack], service: '' });

    await notifier.send(message);

    expect(slack.messages.map(({ text }) => text)).toEqual([
      '*recommender (prod) needs you*\nThe automation gave up',
    ]);
    expect(world.items.size).toBe(0);
  });

  it('F48: waits as long as a 429 asks for, where that is within its time', async () => {
    const { notifier, slack, entries, world } = await someChannels();
    slack.limited.push(2);
    const before = world.clock.now();
    const delivered = notifier.send(aPage({ call: [entries.slack] }));

    expect(sent(await delivered)).toEqual(['sent']);
    expect(world.clock.now() - before).toBe(2000);
  });

  it('F48: does not wait at all where a 429 asks for more than it has', async () => {
    const { notifier, slack, entries, world } = await someChannels();
    slack.limited.push(30);
    const before = world.clock.now();

    const deliveries = await notifier.send(aPage({ call: [entries.slack] }));

    expect(sent(deliveries)).toEqual(['Cannot wait as long as Slack asks for: 30 s']);
    expect(world.clock.now()).toBe(before);
  });

  it('takes nothing typed for a mention, a link or a format', async () => {
    const { notifier, slack, entries } = await someChannels();

    await notifier.send(
      aPage({ call: [entries.slack], subject: '<!channel> & <script>\n', text: '<@U1>'.repeat(2000) }),
    );

    expect(slack.messages[0]?.text).toMatch(/^:rotating_light: \*&lt;!channel&gt; &amp; &lt;script&gt;/);
    expect(slack.messages.map(({ text }) => /[<>]/.test(text))).toEqual([false, false]);
  });

  it('shows where to read on', async () => {
    const { notifier, slack, entries } = await someChannels();
    const links = [{ href: 'https://example.com/report?a=1&b=2', text: 'Report' }];

    await notifier.send(aPage({ call: [entries.slack], links }));

    expect(slack.messages[0]?.text).toContain('<https://example.com/report?a=1&amp;b=2|Report>');
  });

  it.each([
    ['the bot is in another channel', { to: 'C0OTHER000' }, 'channel_not_found'],
    ['its secret is no JSON', { secret: SPOILT_SECRET }, 'it is not JSON'],
    [
      'its secret is gone',
      { secret: 'arn:aws:secretsmanager:eu-west-1:1:secret:x' },
      'ResourceNotFoundException',
    ],
  ])('F48: says it where %s, and throws nothing', async (_, over, words) => {
    const { notifier, entries } = await someChannels();

    const deliveries = await notifier.send(aPage({ call: [{ ...entries.slack, ...over }] }));

    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['sent', 'failed']);
    expect(deliveries[1]?.problem).toContain(words);
  });

  it.each([
    [500, { oops: true }],
    [200, 'nonsense'],
    [200, { ok: false, error: `no such token: ${TOKEN}` }],
  ])(
    'I9, F55: never says what its secret is, whatever the other side answers: %i %j',
    async (status, body) => {
      const { notifier, entries, slack } = await someChannels();
      slack.broken.push({ status, body });

      const [, delivery] = await notifier.send(aPage({ call: [entries.slack] }));

      expect(delivery?.outcome).toBe('failed');
      expect(delivery?.problem).toContain(CHANNEL);
      expect(delivery?.problem).not.toContain(TOKEN);
    },
  );

  it('is not reached at another address outside of "local"', async () => {
    const { notifier, entries, slack } = await someChannels({ insecureLocal: false });

    const deliveries = await notifier.send(aPage({ call: [entries.slack] }));

    expect(sent(deliveries)[0]).toContain('only "local" has other places');
    expect(slack.methods).toEqual([]);
  });
});
