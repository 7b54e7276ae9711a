import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EVENTS, EVERY_EVENT, EVERY_LINE } from '../../lib/cli/watch-events.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { keys } from '../../lib/core/keys.ts';
import { anArmedService, anIncident, aPlan, aReceipt, at, aVerdict } from '../builders.ts';
import { aDesk, aWorld, given, meanwhile, type } from '../cli/desk.ts';

const PAGE = readFileSync('docs/watch.md', 'utf8');
const EXAMPLES = (/^```jsonl\n([\s\S]*?)^```$/m.exec(PAGE)?.[1] ?? '').trimEnd().split('\n');
const incident = anIncident();
const { id } = incident;

type Fields = Readonly<Record<string, unknown>> & { readonly type: keyof typeof EVENTS };

/** What `watch -o json` prints of an incident that recovers with its first rung. */
async function stream(): Promise<string[]> {
  const world = aWorld();
  const desk = aDesk(world);
  const good = [0, 1, 2, 3, 4, 5].map((n) => ({ at: at(20 + 10 * n), value: 0.81, good: true }));
  const auc = { signal: 'auc', well: { is: '>', threshold: 0.75 }, needed: 6, verdict: 'recovered' } as const;
  const reportUrl = `s3://reports/${id}.html`;
  const put = (...item: Parameters<typeof given>[1]) => given(desk, item);
  await given(desk, [keys.incident(id), incident], [keys.armed(id), anArmedService()]);
  const script = meanwhile(
    world,
    () => put(keys.plan(id), { outcome: 'planned', plan: aPlan() }),
    () =>
      put(keys.hold('recommender'), { state: 'standing', incident: id, since: at(8), reason: 'incident' }),
    () =>
      put(keys.attempt(id, '1.1'), { step: '1.1', actUntil: at(40), fence: 1, before: { value: 'true' } }),
    () => world.trouble.failNext('dynamodb.Query', new OutsideTrouble('Cannot list: no route')),
    () => put(keys.note(id, 'ack'), { by: 'ada', at: at(9) }),
    () => put(keys.receipt(id, '1.1'), aReceipt()),
    () => put(keys.verdict(id, 1, at(90)), aVerdict({ signals: [{ ...auc, datapoints: good }] })),
    () =>
      put(
        keys.incident(id),
        anIncident({ state: 'closed', ending: 'recovered', endedAt: at(91), reportUrl }),
      ),
  );
  const { out } = await type({ ...desk, ...script }, `watch ${id} -o json`);
  return out.trimEnd().split('\n');
}

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

describe('docs/watch.md', () => {
  it('lists every type of event with its fields', () => {
    const rows = [...PAGE.matchAll(/^\| `([a-z]+)` \| .* \| (.*?) ?\|$/gm)];

    expect(Object.fromEntries(rows.map(([, name, fields]) => [name, codes(fields ?? '')]))).toEqual(EVENTS);
  });

  it('names the fields of all', () => {
    const [, all = '', lines = ''] = /^Each has (.*?);(.*?)\. /ms.exec(PAGE) ?? [];

    expect(codes(all)).toEqual([...EVERY_EVENT]);
    expect(codes(lines)).toEqual(['ended', ...EVERY_LINE]);
  });

  it('gives examples as they are printed, the end at the end', async () => {
    const printed = await stream();

    expect(printed).toEqual(expect.arrayContaining(EXAMPLES));
    expect(printed.at(-1)).toBe(EXAMPLES.at(-1));
  });

  it('leaves out no field that is printed, and prints none that it leaves out', async () => {
    const printed = (await stream()).map((line) => JSON.parse(line) as Fields);

    for (const event of printed) {
      const own = EVENTS[event.type].map((name) => name.replace('?', ''));
      const needed = EVENTS[event.type].filter((name) => !name.endsWith('?'));
      const keyed = event.type === 'ended' ? [] : EVERY_LINE;
      expect([...EVERY_EVENT, ...keyed, ...own]).toEqual(expect.arrayContaining(Object.keys(event)));
      expect(Object.keys(event)).toEqual(expect.arrayContaining([...keyed, ...needed]));
    }
    expect(new Set(printed.map((event) => event.type))).toEqual(
      new Set(Object.keys(EVENTS).filter((name) => name !== 'workload')),
    );
  });
});
