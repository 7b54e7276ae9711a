import { describe, expect, it } from '@jest/globals';
import { baseUrl } from '../../../lib/adapters/notify/vendor-hosts.ts';
import { aPage, INCIDENT, someChannels } from './channels.ts';
import { ROUTING_KEY } from './secrets.ts';

describe('PagerDuty', () => {
  it('is triggered by a page, with the incident as its key, and resolved when it is over', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();
    const call = [entries.pagerDuty];
    const links = [{ href: 'https://example.com/report', text: 'Report' }];

    await notifier.send(aPage({ call, links }));
    const deliveries = await notifier.send(aPage({ urgency: 'notification', call, event: 'over' }));

    expect(pagerDuty.events).toMatchObject([
      {
        event_action: 'trigger',
        dedup_key: INCIDENT,
        links,
        payload: {
          summary: 'recommender (prod) needs you',
          severity: 'critical',
          source: 'recommender.prod',
          custom_details: { incident: INCIDENT, text: 'The automation gave up' },
        },
      },
      { event_action: 'resolve', dedup_key: INCIDENT },
    ]);
    expect(pagerDuty.alerts.get(INCIDENT)?.status).toBe('resolved');
    expect(deliveries[1]).toMatchObject({
      channel: 'pagerduty',
      to: 'ML platform',
      outcome: 'sent',
      id: INCIDENT,
    });
  });

  it('F01: is one alert, however often it is said', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();

    for (const subject of ['late', 'past the deadline', 'needs you'])
      await notifier.send(aPage({ subject, call: [entries.pagerDuty] }));

    expect(pagerDuty.alerts.size).toBe(1);
  });

  it('is told of an acknowledgement that was given elsewhere', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();

    await notifier.send(aPage({ call: [entries.pagerDuty] }));
    await notifier.send(aPage({ urgency: 'notification', event: 'acknowledged', call: [entries.pagerDuty] }));

    expect(pagerDuty.alerts.get(INCIDENT)?.status).toBe('acknowledged');
  });

  it('hears nothing of what can wait: every event of it calls somebody', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();

    const deliveries = await notifier.send(aPage({ urgency: 'notification', call: [entries.pagerDuty] }));

    expect(deliveries.map(({ channel }) => channel)).toEqual(['sns']);
    expect(pagerDuty.requests).toBe(0);
  });

  it('tells things apart that belong to no incident, and knows the same one again', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();
    const { incident: _, ...message } = aPage({ service: '', call: [entries.pagerDuty] });

    await notifier.send(message);
    await notifier.send(message);
    await notifier.send({ ...message, text: 'something else' });

    expect(pagerDuty.events).toHaveLength(3);
    expect(pagerDuty.alerts.size).toBe(2);
  });

  it.each([
    ['a long one', 'ü'.repeat(5000), '😀'.repeat(300_000)],
    ['an empty one', ' \n', ''],
  ])('F59: keeps the limits of an event: %s', async (_, subject, text) => {
    const { notifier, pagerDuty, entries } = await someChannels();

    const deliveries = await notifier.send(aPage({ subject, text, call: [entries.pagerDuty] }));

    expect(deliveries[1]).toMatchObject({ outcome: 'sent' });
    expect(pagerDuty.events).toHaveLength(1);
  });

  it.each([429, 500, 503])('F48: asks again after %i: the key makes that safe', async (status) => {
    const { notifier, pagerDuty, entries } = await someChannels();
    pagerDuty.broken.push({ status, body: {} }, { status, body: {} });

    const deliveries = await notifier.send(aPage({ call: [entries.pagerDuty] }));

    expect(deliveries[1]).toMatchObject({ outcome: 'sent' });
    expect([pagerDuty.requests, pagerDuty.events.length]).toEqual([3, 1]);
  });

  it('F48, I9: says why it was refused, once, and without the key', async () => {
    const { notifier, pagerDuty, entries } = await someChannels();
    pagerDuty.broken.push({ status: 400, body: { message: `bad ${ROUTING_KEY}` } });

    const [, delivery] = await notifier.send(aPage({ call: [entries.pagerDuty] }));

    expect(delivery?.problem).toBe(
      'Cannot page PagerDuty "ML platform": it answered 400 "{"message":"bad [redacted]"}"',
    );
    expect(pagerDuty.requests).toBe(1);
  });

  it.each([
    ['acknowledged', 'acknowledged'],
    ['resolved', 'resolved'],
  ] as const)('says who took it on there: %s', async (_, status) => {
    const { notifier, pagerDuty, entries } = await someChannels();
    pagerDuty.alerts.set(INCIDENT, { status, by: 'Ada', at: '2026-11-21T09:05:00Z' });

    expect(await notifier.acknowledgement({ incident: INCIDENT, call: [entries.pagerDuty] })).toEqual({
      by: 'Ada (PagerDuty)',
      at: Date.UTC(2026, 10, 21, 9, 5),
    });
  });

  it.each([
    ['nobody did', () => undefined],
    ['it answers an error', () => ({ status: 500, body: {} })],
    ['it answers nonsense', () => ({ status: 200, body: { incidents: 'no' } })],
  ])('does not say that somebody took it on where %s', async (_, trouble) => {
    const { notifier, pagerDuty, entries } = await someChannels();
    pagerDuty.alerts.set(INCIDENT, { status: 'triggered' });
    const answer = trouble();
    if (answer) pagerDuty.broken.push(answer);

    const found = await notifier.acknowledgement({ incident: INCIDENT, call: [entries.pagerDuty] });

    expect(found).toBeUndefined();
  });

  it('is where its account is kept', () => {
    const entry = { kind: 'pagerduty', to: 'ML platform' } as const;

    expect([baseUrl(entry, false), baseUrl(entry, false, 'api')]).toEqual([
      'https://events.pagerduty.com',
      'https://api.pagerduty.com',
    ]);
    expect([
      baseUrl({ ...entry, region: 'eu' }, false),
      baseUrl({ ...entry, region: 'eu' }, false, 'api'),
    ]).toEqual(['https://events.eu.pagerduty.com', 'https://api.eu.pagerduty.com']);
    expect(baseUrl({ kind: 'slack', to: 'C024BE91L' }, false)).toBe('https://slack.com');
  });
});
