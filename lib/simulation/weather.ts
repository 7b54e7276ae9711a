/** How rough a simulated day is. */
import type { BusOdds } from './bus.ts';
import type { Chance } from './chance.ts';
import type { MeasureOdds } from './measures.ts';
import type { Odds } from './worker.ts';

/** Odds from 0 to 1; which weather it is, is drawn from the seed. */
export interface Weather {
  readonly calls: Odds;
  readonly measures: MeasureOdds;
  readonly bus: BusOdds;
  /** Whether clients ask again by themselves, as they do; without it more goes wrong for good than ever would. */
  readonly clientsRetry: boolean;
  /** ms by which clocks differ at most. */
  readonly skewMs: number;
}

export const CALM: Weather = {
  calls: { crash: 0, drop: 0, loseReply: 0, slow: 0, pause: 0, meddle: 0, stop: 0, fail: 0, detach: 0 },
  measures: { late: 0, missing: 0, notANumber: 0 },
  bus: { duplicate: 0, late: 0, lost: 0 },
  clientsRetry: true,
  skewMs: 0,
};
export const ROUGH: Weather = {
  calls: {
    crash: 0.003,
    drop: 0.008,
    loseReply: 0.008,
    slow: 0.02,
    pause: 0.002,
    meddle: 0.003,
    stop: 0.0005,
    fail: 0.001,
    detach: 0.01,
  },
  measures: { late: 0.02, missing: 0.02, notANumber: 0.005 },
  bus: { duplicate: 0.2, late: 0.03, lost: 0.01 },
  clientsRetry: true,
  skewMs: 500,
};
export const WILD: Weather = {
  calls: {
    crash: 0.015,
    drop: 0.03,
    loseReply: 0.03,
    slow: 0.05,
    pause: 0.01,
    meddle: 0.012,
    stop: 0.001,
    fail: 0.004,
    detach: 0.03,
  },
  measures: { late: 0.08, missing: 0.08, notANumber: 0.02 },
  bus: { duplicate: 0.5, late: 0.1, lost: 0.05 },
  clientsRetry: false,
  skewMs: 2000,
};

export const weatherOf = (chance: Chance): Weather =>
  chance.pick('weather', [CALM, ROUGH, ROUGH, ROUGH, ROUGH, WILD, WILD]);
