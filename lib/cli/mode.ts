import { didYouMean } from '../core/closest.ts';
import { MODES, type Mode } from '../core/environment.ts';
import { BadInput } from '../core/errors.ts';
import type { Answer } from './answer.ts';
import { checkService, command, type Desk } from './desk.ts';
import type { Register } from './program.ts';
import { text } from './session.ts';

export const modeCommand: Register = (program, act) => {
  program
    .command('mode')
    .description('print or set what may be written: off nothing, observe only plans, act everything')
    .argument('[mode]', MODES.join(', '))
    .argument('[service]', 'the same as --service')
    .option('--service <name>', 'only this service; else the whole environment')
    .action(
      act(async (session, { args: [mode, named], options }) => {
        const service = text(options['service']) ?? named;
        const wanted = mode === undefined ? undefined : modeOf(mode);
        const desk = await session.desk();
        if (service !== undefined) checkService(desk, service);
        return wanted === undefined ? showModes(desk, service) : setMode(desk, wanted, service);
      }),
    );
};

function modeOf(word: string): Mode {
  const mode = MODES.find((m) => m === word);
  if (mode) return mode;
  throw new BadInput(
    `Cannot set mode "${word}"${didYouMean(word, MODES)}; expected one of ${MODES.join(', ')}`,
  );
}

async function showModes(desk: Desk, only?: string): Promise<Answer> {
  const services = only === undefined ? desk.services : [only];
  const all = await desk.modes.read();
  const each = await Promise.all(services.map((service) => serviceMode(desk, service)));
  const { name, mode: first } = desk.environment;
  return {
    lines: [
      `${name}: ${all ?? `not set; environment.yaml says ${first}`}`,
      ...each.map((s) => `  ${s.service}: ${s.mode} (its own: ${s.set ?? 'not set'})`),
    ],
    json: { environment: name, set: all ?? null, first, services: each },
  };
}

async function serviceMode(desk: Desk, service: string) {
  const [set, mode] = await Promise.all([
    desk.modes.read(service),
    desk.settings.mode(service, await firstModeOf(desk, service)),
  ]);
  return { service, mode, set: set ?? null };
}

/** As it was armed: a file that was not deployed yet does not vote. */
const firstModeOf = async (desk: Desk, service: string): Promise<Mode> =>
  (await desk.settings.armed(service))?.firstMode ?? desk.environment.mode;

async function setMode(desk: Desk, mode: Mode, service: string | undefined): Promise<Answer> {
  const before = await desk.modes.read(service);
  await desk.modes.set(mode, service);
  const whose = service ?? desk.environment.name;
  const stricter = service === undefined ? [] : await stricterThan(desk, mode, service);
  return {
    lines: [`mode of ${whose}: ${mode} (it was ${before ?? 'not set'})`, ...stricter],
    json: { environment: desk.environment.name, service: service ?? null, mode, before: before ?? null },
  };
}

/** The stricter of the two wins, so that a service's mode alone may change nothing. */
async function stricterThan(desk: Desk, mode: Mode, service: string): Promise<string[]> {
  const now = await desk.settings.mode(service, await firstModeOf(desk, service));
  if (now === mode) return [];
  return [
    `${service} stays in ${now}: the environment's own mode is stricter; set that: ${command(desk, `mode ${mode}`)}`,
  ];
}
