import { describe, expect, it } from '@jest/globals';
import type { MetricAlarm } from '../../lib/core/estate.ts';
import type { Owner } from '../../lib/core/step.ts';
import type { EstateReader } from '../../lib/ports/estate-reader.ts';

export interface EstatePlace {
  readonly reader: EstateReader;
  /** A word that nothing else in the estate has in its name. */
  readonly word: string;
  putAlarm(alarm: AlarmToPut): Promise<void>;
  putParameter(name: string, value: string, type: 'String' | 'SecureString'): Promise<void>;
  /** One version of a new model, and an alias that names it. */
  registerModel(name: string, alias: string): Promise<void>;
  /** A Rollout that stands there: by whom it was made, and the release or Application that made it. */
  readonly rollout: { readonly cluster: string; readonly namespace: string; readonly name: string };
  readonly owner: Owner;
  readonly release: string;
  readonly application: { readonly name: string; readonly path: string };
}

export type AlarmToPut = Pick<
  MetricAlarm,
  'name' | 'metric' | 'statistic' | 'periodSeconds' | 'is' | 'threshold' | 'datapoints' | 'of'
>;

/** What looks at an estate, in memory and on real parts. */
export function describeEstateReader(name: string, make: () => Promise<EstatePlace>): void {
  describe(`${name} is an estate reader`, () => {
    it('finds an alarm by the beginning of its name, with all that makes a condition', async () => {
      const { reader, word, putAlarm } = await make();
      const alarm = anAlarm(`${word}-latency`);
      await putAlarm(alarm);

      const { items, more } = await reader.alarms(`${word}-lat`);

      expect(items).toEqual([expect.objectContaining({ ...alarm, kind: 'metric' })]);
      expect(more).toBe(false);
      expect((await reader.alarms(`${word}-none`)).items).toEqual([]);
    });

    it('knows the parameter that is a switch, and tells no value of any', async () => {
      const { reader, word, putParameter } = await make();
      await putParameter(`/${word}/new-features`, 'true', 'String');
      await putParameter(`/${word}/mode`, 'value-of-mode', 'String');
      await putParameter(`/${word}/db-password`, 'true', 'String');
      await putParameter(`/${word}/hidden`, 'value-of-hidden', 'SecureString');

      const { items } = await reader.parameters(`/${word}`);

      expect([...items].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { kind: 'secret', name: `/${word}/db-password` },
        { kind: 'secret', name: `/${word}/hidden` },
        { kind: 'text', name: `/${word}/mode` },
        { kind: 'switch', name: `/${word}/new-features`, off: 'false' },
      ]);
      expect(JSON.stringify(items)).not.toContain('value-of');
    });

    it('finds a registered model, and what its alias names', async () => {
      const { reader, word, registerModel } = await make();
      await registerModel(word, 'champion');

      const { items } = await reader.models();

      expect(items.filter((model) => model.name === word)).toEqual([
        { name: word, aliases: { champion: '1' } },
      ]);
    });

    it('finds a Rollout with its owner, in its namespace and in no other', async () => {
      const { reader, rollout, owner } = await make();
      const { cluster, namespace, name: called } = rollout;

      for (const place of [{ cluster }, { cluster, namespace }]) {
        const { items } = await reader.workloads(place);
        const found = items.filter((one) => one.name === called);
        expect(found).toEqual([expect.objectContaining({ ...rollout, kind: 'rollout', owner })]);
      }
      const { items } = await reader.workloads({ cluster, namespace: 'no-such-namespace' });
      expect(items).toEqual([]);
    });

    it('finds a Helm release once, whatever revisions it has', async () => {
      const { reader, rollout, release } = await make();
      const { cluster, namespace } = rollout;

      const { items } = await reader.releases({ cluster, namespace });

      expect(items.filter(({ name: called }) => called === release)).toEqual([
        { cluster, namespace, name: release, status: 'deployed' },
      ]);
    });

    it('finds an Application of Argo CD, and the branch that it follows', async () => {
      const { reader, rollout, application } = await make();

      const { items } = await reader.applications(rollout.cluster);

      expect(items.find(({ name: called }) => called === application.name)).toMatchObject({
        source: { path: application.path, revision: 'main' },
        auto: true,
        selfHeal: true,
      });
    });
  });
}

const anAlarm = (called: string): AlarmToPut => ({
  name: called,
  metric: { namespace: 'Estate', name: 'latency', dimensions: { service: 'shop', stage: 'prod' } },
  statistic: 'p95',
  periodSeconds: 60,
  is: '>',
  threshold: 250,
  datapoints: 2,
  of: 3,
});
