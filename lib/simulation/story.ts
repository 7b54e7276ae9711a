/** What a seed means: a bad release, and whatever else happens that day. */
import type { Lever } from '../core/service.ts';
import type { Environment } from './environment.ts';
import { shipBad } from './estate.ts';
import { startAsRead } from './others.ts';
import { TWISTS } from './twists.ts';
import type { SimulatedService } from './world.ts';

const MINUTE = 60_000;
/** Before the bad release: alarms and signals have something to look back at. */
const CALM_BEFORE_MS = 3 * MINUTE;
/** Most of an incident happens in this time after its release. */
const BUSY_MS = 5 * MINUTE;
/** No alarm fires sooner after a bad release. */
const QUICKER_MS = 15_000;

/** Lets a service's story begin: a bad release, then every twist that the seed brings. */
export function tell(environment: Environment, service: SimulatedService): void {
  const { chance, witness } = environment;
  const { name } = service.armed.service;
  const begin = CALM_BEFORE_MS + chance.between(`${name} begin`, 0, MINUTE);
  environment.later(begin, () => breakIt(environment, service, 'first'));
  if (chance.happens(`${name} another bad release`, 0.12)) breakAgain(environment, service, begin);
  if (chance.happens(`${name} a person is quicker than the alarm`, 0.06)) {
    const notices = chance.between(`${name} noticed after`, 2000, QUICKER_MS);
    environment.later(begin + notices, () => startAsRead(environment, service));
  }
  for (const twist of TWISTS) {
    if (twist.on && !service.armed.service.levers.some(({ kind }) => kind === twist.on)) continue;
    if (!chance.happens(`${name} ${twist.name}`, twist.odds)) continue;
    const within = chance.between(`${name} ${twist.name} at`, 0, BUSY_MS);
    const at = twist.early ? CALM_BEFORE_MS / 2 : begin + within;
    environment.later(at, () => witness.somebody(twist.name, () => twist.happens(environment, service)));
  }
}

/** After the cooldown; and once more, which the cascade cap is for. */
function breakAgain(environment: Environment, service: SimulatedService, begin: number): void {
  environment.later(begin + 20 * MINUTE, () => breakIt(environment, service, 'second'));
  if (environment.chance.happens(`${service.armed.service.name} a third bad release`, 0.5))
    environment.later(begin + 45 * MINUTE, () => breakIt(environment, service, 'third'));
}

/** How often a canary has gone all the way by the time somebody notices, from 0 to 1. */
const PROMOTED = 0.4;

/** Some levers' targets go bad, at least one; or something that no lever can help. */
function breakIt(environment: Environment, service: SimulatedService, which: string): void {
  const { chance, witness } = environment;
  const { name, levers } = service.armed.service;
  const draw = `${name} ${which}`;
  const chosen = levers.filter((lever) => chance.number(`${draw} breaks ${lever.name}`) < 0.6);
  const broken = chosen.length > 0 ? chosen : [chance.pick(`${draw} breaks`, levers as [Lever, ...Lever[]])];
  service.stage = chance.number(`${draw} is promoted`) < PROMOTED ? 'complete' : 'canary';
  witness.somebody(`a bad release of ${broken.map((lever) => lever.name).join(' and ')}`, () => {
    shipBad(witness.world, service, broken);
    if (chance.happens(`${draw} is worse than any release`, 0.06))
      service.elsewhere.until = Number.MAX_SAFE_INTEGER;
  });
}
