/** `reinstate init` typed over an estate in memory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MemoryEstate, memoryEstate, memoryEstateReader } from '../../lib/adapters/memory/estate.ts';
import { aFlagFound, anAlarm, aWorkload, ENVIRONMENT } from '../files/proposal/an-estate.ts';
import { aDesk, aFolder, aWorld, type Seat, type } from './desk.ts';

export const FILE = 'environments/prod/services/churn.yaml';

export function aFolderWith(environment = ENVIRONMENT): string {
  const cwd = aFolder();
  mkdirSync(join(cwd, 'environments/prod/services'), { recursive: true });
  writeFileSync(join(cwd, 'environments/prod/environment.yaml'), environment);
  return cwd;
}

export const anEstate = (over: Partial<MemoryEstate> = {}) =>
  memoryEstate({ alarms: [anAlarm()], parameters: [aFlagFound], workloads: [aWorkload()], ...over });

interface Typing extends Seat {
  readonly estate?: never;
  readonly found?: MemoryEstate;
}

export const init = (words: string, { found = anEstate(), cwd = aFolderWith(), ...seat }: Typing = {}) =>
  type(aDesk(aWorld()), `init ${words} --env prod`, {
    cwd,
    confirm: async () => undefined,
    ...seat,
    estate: async () => memoryEstateReader(found),
  });
