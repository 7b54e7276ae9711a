/** The demo's shop over the memory twins: what users are served makes the signals, the signals make the alarms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firesAt } from '../../lib/adapters/memory/alarm-keeper.ts';
import { arm } from '../../lib/adapters/memory/settings.ts';
import { twinsOf } from '../../lib/adapters/memory/twins.ts';
import {
  type MemoryWorld,
  memoryWorld,
  moveAlias,
  putParameter,
  registerVersion,
  startServing,
} from '../../lib/adapters/memory/world.ts';
import { keys } from '../../lib/core/keys.ts';
import type { Baseline } from '../../lib/core/release.ts';
import { type ArmedService, targetOf } from '../../lib/core/service.ts';
import { meets } from '../../lib/core/verdict.ts';
import { leverPort } from '../../lib/stages/lever-port.ts';
import { records } from '../../lib/stages/records.ts';
import { ACCOUNT, type ArmedOver, alarmArn, anArmedService, at, ENVIRONMENT, REGION } from '../builders.ts';

export const PARAMETER = '/shop/recommender/new-features';
export const SERVED = 'recommender@champion';
const PERIOD_MS = 10_000;

export type Shop = Awaited<ReturnType<typeof aShop>>;
export type SignalName = 'latency' | 'error-ratio' | 'auc';

/** A healthy shop, ten minutes before the alarm: the flag is off, version 3 is champion, and that is the baseline. */
export async function aShop(over: ArmedOver = {}) {
  const world = memoryWorld(at(-600));
  const armed = anArmedService(over);
  for (let version = 1; version <= 4; version++) registerVersion(world, 'recommender');
  moveAlias(world, SERVED, '3');
  startServing(world, SERVED, 2);
  putParameter(world, PARAMETER, 'false');
  arm(world, armed);
  const ports = twinsOf(world, ENVIRONMENT);
  const shop = {
    world,
    armed,
    ports,
    read: records(ports.ledger),
    rules: { environment: ENVIRONMENT, account: ACCOUNT, region: REGION, allowed: allowed(armed) },
    /** What each signal measures of one period. */
    measure: {
      latency: () => 90,
      'error-ratio': () => (readersOf(world).includes('true') ? 0.3 : 0),
      auc: () => ((world.serving.get(SERVED) ?? []).includes('4') ? 0.6 : 0.8),
    } as Record<SignalName, () => number | undefined>,
  };
  for (const { arn } of armed.alarms)
    world.alarms.set(arn, { state: 'OK', since: at(-9000), windowSeconds: 50 });
  await recordBaseline(shop);
  pass(shop, 540);
  return shop;
}

const allowed = ({ service, alarms }: ArmedService) => ({ [service.name]: alarms.map((a) => a.arn) });

/** What stands now, as `reinstate baseline record` keeps it. */
export async function recordBaseline(
  { armed, ports }: Pick<Shop, 'armed' | 'ports'>,
  over: Partial<Baseline> = {},
): Promise<void> {
  const held = armed.service.levers.map(async (lever) => {
    const { value, digest } = await leverPort(ports.levers, armed, lever).observe();
    return [targetOf(lever), { value, ...(digest !== undefined && { digest }) }];
  });
  const baseline: Baseline = {
    id: 'recommender-b20261114T101500',
    recordedAt: at(-604_800),
    by: 'release',
    release: Object.fromEntries(await Promise.all(held)),
    ...over,
  };
  await ports.ledger.write([
    { kind: 'put', key: keys.baseline('recommender', baseline.id), item: { ...baseline } },
  ]);
}

/** The demo's bad release: version 4 is champion and served, the flag is on. */
export function shipBadRelease({ world }: Shop): void {
  moveAlias(world, SERVED, '4');
  startServing(world, SERVED, 2);
  putParameter(world, PARAMETER, 'true');
}

/** A shop whose bad release was shipped; the alarms of error ratio and AUC have just turned red, at 09:04:00. */
export async function aBrokenShop(over: ArmedOver = {}): Promise<Shop> {
  const shop = await aShop(over);
  pass(shop, 35);
  shipBadRelease(shop);
  pass(shop, 25);
  return shop;
}

/** Lets time pass: at the end of each period its datapoints come, and the alarms follow them. */
export function pass(shop: Pick<Shop, 'world' | 'armed' | 'measure'>, seconds: number): void {
  const { clock } = shop.world;
  for (let left = seconds * 1000; left > 0; ) {
    const step = Math.min(left, PERIOD_MS - (clock.now() % PERIOD_MS));
    clock.advance(step);
    left -= step;
    if (clock.now() % PERIOD_MS === 0) publish(shop, clock.now() - PERIOD_MS);
  }
}

function publish(shop: Pick<Shop, 'world' | 'armed' | 'measure'>, start: number): void {
  const { world, armed, measure } = shop;
  for (const [signal, value] of Object.entries(measure)) {
    const measured = value();
    const known = world.datapoints.get(signal) ?? [];
    if (measured !== undefined) world.datapoints.set(signal, [...known, { at: start, value: measured }]);
  }
  for (const alarm of armed.alarms) evaluate(world, alarm);
}

function evaluate(world: MemoryWorld, alarm: ArmedService['alarms'][number]): void {
  const { arn, condition } = alarm;
  const breach = firesAt(world, alarm);
  const last = (world.datapoints.get(condition.signal) ?? []).slice(-condition.of);
  const breaching = last.filter((d) => breach && meets(d.value, breach)).length;
  const state = breaching >= condition.datapoints ? 'ALARM' : 'OK';
  const known = world.alarms.get(arn);
  if (known && known.state !== state) world.alarms.set(arn, { ...known, state, since: world.clock.now() });
}

const readersOf = (world: MemoryWorld): readonly string[] => {
  const { history } = world.parameters.get(PARAMETER) ?? { history: [] };
  const seen = history.findLast((v) => v.at <= world.clock.now() - 5000) ?? history[0];
  return world.stuckReaders.get(PARAMETER) ?? [seen?.value ?? ''];
};

const EVENT = readFileSync(
  join(import.meta.dirname, '..', 'events', 'cloudwatch-alarm-state-change.aws-docs.json'),
  'utf8',
);

/** The event of an alarm's last transition, as CloudWatch sends it. */
export function alarmEvent({ world }: Shop, signal: SignalName = 'error-ratio') {
  const arn = alarmArn(signal);
  const { state = 'ALARM', since = 0 } = world.alarms.get(arn) ?? {};
  const event = JSON.parse(EVENT);
  const timestamp = new Date(since).toISOString().replace('Z', '+0000');
  event.resources = [arn];
  event.detail.alarmName = arn.split(':').at(-1);
  event.detail.state = { ...event.detail.state, value: state, timestamp };
  return event;
}

/** What users are served and what the levers hold: all that an act could change. */
export const outside = ({ world }: Shop) => ({
  flag: (world.parameters.get(PARAMETER)?.history ?? []).map((v) => v.value),
  aliases: Object.fromEntries(world.models.get('recommender')?.aliases ?? []),
  serving: world.serving.get(SERVED),
  tags: [...(world.models.get('recommender')?.versions ?? [])].map(([v, { tags }]) => [
    v,
    Object.fromEntries(tags),
  ]),
});

export const pages = ({ world }: Shop) => world.messages.filter((m) => m.urgency === 'page');
export const notifications = ({ world }: Shop) => world.messages.filter((m) => m.urgency === 'notification');
