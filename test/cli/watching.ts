/** What the tests of watching share: a running incident, its records, and somebody who looks. */
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import type { StopSignal } from '../../lib/cli/answer.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import type { Terminal } from '../../lib/cli/host.ts';
import type { Incident } from '../../lib/core/incident.ts';
import { keys } from '../../lib/core/keys.ts';
import { anArmedService, anIncident, at } from '../builders.ts';
import { aDesk, given } from './desk.ts';

export const id = anIncident().id;
export const header = (over: Partial<Incident> = {}) => [keys.incident(id), anIncident(over)] as const;
export const pointer = [keys.open(id), { incident: id, service: 'recommender' }] as const;
export const closed = header({ state: 'closed', ending: 'recovered', endedAt: at(90) });

export async function running(world: MemoryWorld): Promise<Desk> {
  const desk = aDesk(world);
  await given(desk, header(), pointer, [keys.armed(id), anArmedService()]);
  return desk;
}

export const never = () => new Promise<never>(() => undefined);

/** A window of 100 columns, until it is resized. */
export function aWindow() {
  let [columns, out] = [100, ''];
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: () => undefined,
    isTty: true,
    get columns() {
      return columns;
    },
    rows: 50,
    color: false,
  };
  const resize = (to: number) => {
    columns = to;
  };
  return { terminal, resize, written: () => out };
}

/** Somebody who presses Ctrl-C, or closes the window. */
export function keyboard() {
  let told: (signal: StopSignal) => void = () => undefined;
  const onInterrupt = (callback: typeof told) => {
    told = callback;
    return () => undefined;
  };
  return { onInterrupt, press: (signal: StopSignal) => told(signal) };
}

/** So many looks at which nothing happens. */
export const nothing = (times: number) => Array.from({ length: times }, () => () => 0);
