import { describe, expect, it } from '@jest/globals';
import type { CallEntry } from '../../lib/core/service.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { ExecutionStatus, Executions } from '../../lib/ports/executions.ts';
import type { Heartbeat } from '../../lib/ports/heartbeat.ts';
import type { Message, Notifier } from '../../lib/ports/notifier.ts';
import type { ReportStore } from '../../lib/ports/report-store.ts';

export function describeClock(name: string, make: () => Clock): void {
  describe(`${name} is a clock`, () => {
    it('wakes sleepers after their time, those side by side at the same moment', async () => {
      const clock = make();
      const before = clock.now();

      await Promise.all([clock.sleep(20), clock.sleep(20)]);

      expect(clock.now() - before).toBeGreaterThanOrEqual(19);
      expect(clock.now() - before).toBeLessThan(10_000);
    });
  });
}

export interface ExecutionsPlace {
  readonly executions: Executions;
  arnOf(name: string): string;
  end(name: string, how: Extract<ExecutionStatus, 'aborted'>): Promise<void>;
}

export function describeExecutions(name: string, make: () => Promise<ExecutionsPlace>): void {
  describe(`${name} are executions`, () => {
    it('starts one under its name and follows it', async () => {
      const { executions, arnOf, end } = await make();

      expect(await executions.start('one', { service: 'recommender' })).toBe('started');
      expect(await executions.status(arnOf('one'))).toBe('running');
      await end('one', 'aborted');
      expect(await executions.status(arnOf('one'))).toBe('aborted');
    });

    it('F09: takes a name that is taken for a duplicate', async () => {
      const { executions } = await make();

      await executions.start('two', { incident: 'a' });

      expect(await executions.start('two', { incident: 'b' })).toBe('duplicate');
    });

    it('knows nothing of an execution that never was', async () => {
      const { executions, arnOf } = await make();

      expect(await executions.status(arnOf('never'))).toBe('unknown');
    });
  });
}

export interface NotifierPlace {
  readonly notifier: Pick<Notifier, 'send'>;
  /** Whom a service calls itself: a topic, or a channel of another kind. */
  readonly own: CallEntry;
  /** One of the two does not take messages any more: the environment's topic or `own`. */
  breakOne(): Promise<void>;
}

export function describeNotifier(name: string, make: () => Promise<NotifierPlace>): void {
  describe(`${name} is a notifier`, () => {
    const message = (over: Partial<Message> = {}): Message => ({
      urgency: 'page',
      service: 'recommender',
      subject: 'Cannot roll back "recommender"',
      text: 'Nothing was changed',
      call: [],
      ...over,
    });

    it('sends to the environment, and to whom the service calls itself', async () => {
      const { notifier, own } = await make();
      const call = [own, { kind: 'email', to: 'on-call@example.com' }] as const;

      const deliveries = await notifier.send(
        message({ call, incident: 'recommender-20261121T090000-0123abcd' }),
      );

      expect(deliveries.map((d) => d.outcome)).toEqual(['sent', 'sent']);
      expect(deliveries[1]).toMatchObject({ channel: own.kind, to: own.to });
    });

    it('F48: tells of a channel that is down, and throws nothing', async () => {
      const { notifier, own, breakOne } = await make();

      await breakOne();
      const deliveries = await notifier.send(message({ call: [own] }));

      expect(deliveries).toHaveLength(2);
      expect(new Set(deliveries.map((d) => d.outcome))).toEqual(new Set(['failed', 'sent']));
      expect(deliveries.find((d) => d.outcome === 'failed')?.problem).toMatch(/.+/);
    });

    it('calls whom it is told to call late only when it is their turn, and then alone', async () => {
      const { notifier, own } = await make();
      const call = [{ ...own, afterSeconds: 600 }];

      const early = await notifier.send(message({ call }));
      const late = await notifier.send(message({ call, onlyCall: true }));

      expect(early.map(({ to }) => to)).not.toContain(own.to);
      expect(late.map(({ to }) => to)).toEqual([own.to]);
    });

    it.each(['Zeile\neins\u0000', 'ü'.repeat(300), '', ' '])(
      'sends a message with any subject: %j',
      async (subject) => {
        const { notifier, own } = await make();

        const deliveries = await notifier.send(message({ subject, call: [own] }));

        expect(deliveries.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
      },
    );
  });
}

export interface ReportsPlace {
  readonly reports: ReportStore;
  read(name: string): Promise<{ body: string; contentType: string }>;
}

export function describeReportStore(name: string, make: () => Promise<ReportsPlace>): void {
  describe(`${name} is a report store`, () => {
    it('keeps a report under its name and says where', async () => {
      const { reports, read } = await make();

      const where = await reports.put('incident/1/report.html', '<p>ä</p>', 'text/html; charset=utf-8');

      expect(where).toMatch(/^\w+:\/\/.+incident\/1\/report\.html$/);
      const kept = { body: '<p>ä</p>', contentType: 'text/html; charset=utf-8' };
      expect(await read('incident/1/report.html')).toEqual(kept);
    });
  });
}

export function describeHeartbeat(
  name: string,
  make: () => Promise<{ heartbeat: Heartbeat; beats: () => Promise<number> }>,
): void {
  describe(`${name} is a heartbeat`, () => {
    it('beats', async () => {
      const { heartbeat, beats } = await make();

      await heartbeat.beat();
      await heartbeat.beat();

      expect(await beats()).toBe(2);
    });
  });
}
