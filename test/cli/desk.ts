/** The command line over a world in memory: what is typed, what it answers, and the world it leaves. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { memoryMarker } from '../../lib/adapters/memory/alias.ts';
import { executionArn, memoryExecutions } from '../../lib/adapters/memory/executions.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryLevers } from '../../lib/adapters/memory/levers.ts';
import { arm, memorySettings, setMode } from '../../lib/adapters/memory/settings.ts';
import { memorySignals } from '../../lib/adapters/memory/signals.ts';
import {
  type MemoryWorld,
  memoryWorld,
  moveAlias,
  putParameter,
  registerVersion,
  startServing,
} from '../../lib/adapters/memory/world.ts';
import { modeIn } from '../../lib/adapters/parameter-text.ts';
import type { ExitCode } from '../../lib/cli/answer.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import type { Host, Terminal } from '../../lib/cli/host.ts';
import { run } from '../../lib/cli/program.ts';
import { type Environment, parameterNames } from '../../lib/core/environment.ts';
import { NotReady } from '../../lib/core/errors.ts';
import type { Attributes, Key } from '../../lib/core/write.ts';
import { at } from '../builders.ts';
import { ACCOUNT, type ArmedOver, anArmedService, REGION } from '../service-builders.ts';

export const environment: Environment = {
  name: 'local',
  account: ACCOUNT,
  region: REGION,
  mode: 'act',
  goalSeconds: 300,
  insecureLocal: true,
  paged: [],
};

/** The demo after the bad release: the flag on, version 2 served, version 1 and the flag off in the baseline. */
export function aWorld(over: ArmedOver = {}): MemoryWorld {
  const world = memoryWorld(at(60));
  arm(world, anArmedService(over));
  putParameter(world, '/shop/recommender/new-features', 'true');
  registerVersion(world, 'recommender');
  registerVersion(world, 'recommender');
  moveAlias(world, 'recommender@champion', '2');
  startServing(world, 'recommender@champion');
  for (const alarm of anArmedService(over).alarms) {
    world.alarms.set(alarm.arn, { state: 'OK', since: at(-600), windowSeconds: 50 });
  }
  return world;
}

/** The desk of that world. Stopping an execution is all that its twin does not know. */
export function aDesk(world: MemoryWorld, over: Partial<Desk> = {}): Desk {
  const executions = memoryExecutions(world);
  return {
    environment,
    services: ['fraud-scorer', 'recommender'],
    ledger: memoryLedger(world),
    settings: memorySettings(world, 'local'),
    signals: memorySignals(world),
    levers: memoryLevers(world),
    marker: memoryMarker(world),
    machine: {
      ...executions,
      arnOf: executionArn,
      stop: async (arn) => {
        const execution = world.executions.get(arn);
        if (execution) execution.status = 'aborted';
      },
    },
    modes: {
      read: async (service) => modeIn('mode', world.parameters.get(modeName(service))?.history.at(-1)?.value),
      set: async (mode, service) =>
        setMode(world, { environment: 'local', ...(service && { service }) }, mode),
    },
    reports: {
      get: async (url) => {
        const found = world.reports.get(url.replace('s3://reports/', ''));
        if (!found) throw new NotReady(`Cannot fetch "${url}"`);
        return found.body;
      },
    },
    clock: world.clock,
    ...over,
  };
}

const modeName = (service?: string): string => {
  const names = parameterNames('local');
  return service === undefined ? names.mode : names.serviceMode(service);
};

export interface Typed {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
  /** Standard output as one JSON value. */
  readonly json: unknown;
}

export interface Seat
  extends Partial<Pick<Host, 'env' | 'cwd' | 'onInterrupt' | 'open' | 'browse' | 'estate' | 'confirm'>> {
  readonly terminal?: Partial<Terminal>;
}

/** Types a command at this desk. */
export async function type(desk: Desk, words: string, seat: Seat = {}): Promise<Typed> {
  const written = { out: '', err: '' };
  const host: Host = {
    env: {},
    cwd: seat.cwd ?? '/nowhere',
    user: 'ada',
    random: () => '0123abcd',
    open: async () => desk,
    onInterrupt: () => () => undefined,
    ...seat,
    terminal: {
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      isTty: false,
      columns: 200,
      rows: 50,
      color: false,
      ...seat.terminal,
    },
  };
  const exit = await run(split(words), host);
  return { exit, ...written, json: parsed(written.out) };
}

/** At blanks, but not within double quotes. */
const split = (words: string): string[] =>
  [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts items into the table as the stages do. */
export async function given(
  { ledger }: Pick<Desk, 'ledger'>,
  ...items: (readonly [Key, object])[]
): Promise<void> {
  await ledger.write(items.map(([key, item]) => ({ kind: 'put', key, item: item as Attributes })));
}

export const aFolder = (): string => mkdtempSync(join(tmpdir(), 'reinstate-cli-'));

/** The same with these files, by their path in it. */
export function aFolderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const cwd = aFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

/** Each time the command sleeps, the next of these happens; after the last, time goes on alone. */
export function meanwhile(world: MemoryWorld, ...events: (() => unknown)[]): Partial<Desk> {
  const { clock } = world;
  const sleep = async (ms: number) => {
    await clock.sleep(ms);
    await events.shift()?.();
  };
  return { clock: { now: () => clock.now(), sleep } };
}
