import { describe, expect, it } from '@jest/globals';
import { aPage, INCIDENT, someChannels } from './channels.ts';

describe('F48: channels', () => {
  it('that say nothing keep no other from being told, and cost no more than their time', async () => {
    const { notifier, slack, pagerDuty, entries } = await someChannels({ budgetMs: 2000 });
    slack.silent = true;
    const began = performance.now();

    const deliveries = await notifier.send(aPage({ call: [entries.slack, entries.pagerDuty] }));

    expect(deliveries.map(({ channel, outcome }) => `${channel} ${outcome}`)).toEqual([
      'sns sent',
      'slack failed',
      'pagerduty sent',
    ]);
    expect(deliveries[1]?.problem).toContain('2000 ms');
    expect(pagerDuty.events).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(6000);
  });

  it('whose secret cannot be read are left behind in the same time', async () => {
    const { notifier, entries } = await someChannels({ budgetMs: 100, mute: true });

    const deliveries = await notifier.send(aPage({ call: [entries.slack, entries.pagerDuty] }));

    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['sent', 'failed', 'failed']);
    expect(deliveries[2]?.problem).toBe('Cannot wait any longer: no answer in 100 ms');
  });

  it('that cannot be asked who took it on are nobody, in the same time', async () => {
    const { notifier, pagerDuty, entries } = await someChannels({ budgetMs: 100 });
    pagerDuty.silent = true;

    expect(await notifier.acknowledgement({ incident: INCIDENT, call: [entries.pagerDuty] })).toBeUndefined();
  });

  it('are each called once, and ask for their secret each time anew', async () => {
    const { notifier, slack, askedSecrets, entries } = await someChannels();

    await notifier.send(aPage({ call: [entries.slack, entries.slack] }));
    await notifier.send(aPage({ call: [entries.slack] }));

    expect(slack.methods).toEqual([
      'chat.postMessage',
      'chat.postMessage',
      'chat.update',
      'chat.postMessage',
    ]);
    expect(askedSecrets).toHaveLength(2);
  });

  it('that are called late hear it when it is their turn, and then alone', async () => {
    const { notifier, slack, published, entries } = await someChannels();
    const late = { ...entries.slack, afterSeconds: 600 };

    await notifier.send(aPage({ call: [late] }));
    expect([slack.methods.length, published.length]).toEqual([0, 1]);
    await notifier.send(aPage({ call: [late], onlyCall: true }));
    expect([slack.messages.length, published.length]).toEqual([2, 1]);
  });

  it('that were never called do not hear how it goes on', async () => {
    const { notifier, slack, entries } = await someChannels();

    await notifier.send(
      aPage({ urgency: 'notification', event: 'over', call: [{ ...entries.slack, afterSeconds: 600 }] }),
    );

    expect(slack.methods).toEqual([]);
  });
});
