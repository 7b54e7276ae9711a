/** Shows a proposal, and writes it where a person says so: below `environments`, and never over another file. */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { BadInput } from '../core/errors.ts';
import type { Proposal } from '../files/proposal/propose.ts';
import type { Answer } from './answer.ts';
import type { Session } from './session.ts';
import { clean } from './text.ts';

export interface Offer {
  readonly environment: string;
  readonly service: string;
  /** Sentences for what could not be read. */
  readonly unread: readonly string[];
  /** The command as it was typed. */
  readonly command: string;
  /** Whether somebody said yes before. */
  readonly write: boolean;
}

export async function offer(session: Session, { text }: Proposal, of: Offer): Promise<Answer> {
  const { host, json } = session;
  const shown = `environments/${of.environment}/services/${of.service}.yaml`;
  const file = join(host.cwd, shown);
  const result = { file: shown, text, unread: of.unread };
  const say = (line: string) => host.terminal.err(`${clean(line)}\n`);
  if (existsSync(file)) return beside(standingAt(file, shown), { text, shown, of, say, result });
  if (!json) host.terminal.out(`${text.split('\n').map(clean).join('\n')}`);
  const asked = of.write || json ? undefined : await (host.confirm ?? confirmHere)(`write ${shown}? [y/N] `);
  if (!of.write && !asked) {
    say(asked === false ? 'nothing was written' : `nothing was written; to write it: ${of.command} --write`);
    return { lines: [], json: { ...result, written: false } };
  }
  write({ cwd: host.cwd, file, shown, ...of }, text);
  say(`wrote ${shown}; answer its questions, then: npx reinstate validate ${of.environment}`);
  return { lines: [], json: { ...result, written: true } };
}

const confirmHere = async (question: string) => (await import('./confirm.ts')).confirmHere(question);

/** @throws BadInput */
function standingAt(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw inTheWay('read', shown, error);
  }
}

const inTheWay = (action: 'read' | 'write', shown: string, error: unknown): BadInput =>
  new BadInput(
    `Cannot ${action} "${shown}" (${(error as NodeJS.ErrnoException).code}); expected a file that you may ${action}, in a folder`,
    { cause: error },
  );

interface Beside {
  readonly text: string;
  readonly shown: string;
  readonly of: Offer;
  readonly say: (line: string) => void;
  readonly result: object;
}

/** A file that is there is somebody's work: what differs is shown, and it is left alone. */
function beside(standing: string, { text, shown, of, say, result }: Beside): Answer {
  const left = `"${shown}" is there already and was left as it is: take over by hand what you want, or move it away`;
  if (of.write) throw new BadInput(`Cannot write: ${left}`);
  if (standing === text)
    return {
      lines: [`${shown} is as it would be proposed`],
      json: { ...result, written: false, differs: false },
    };
  const patch = createTwoFilesPatch(shown, 'proposed', standing, text, undefined, undefined, { context: 2 });
  say(left);
  return {
    lines: patch.trimEnd().split('\n'),
    json: { ...result, written: false, differs: true },
  };
}

interface Writing {
  readonly cwd: string;
  readonly file: string;
  readonly shown: string;
  readonly environment: string;
}

/** `wx` loses no race: who wrote it in the meantime keeps it. @throws BadInput */
function write({ cwd, file, shown, environment }: Writing, text: string): void {
  const root = realpathSync(join(cwd, 'environments'));
  const home = join(cwd, 'environments', environment);
  checkBelow(root, home, shown);
  const folder = join(home, 'services');
  try {
    mkdirSync(folder, { recursive: true });
    checkBelow(root, folder, shown);
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw error instanceof BadInput ? error : inTheWay('write', shown, error);
  }
}

/** A link may lead elsewhere. */
function checkBelow(root: string, folder: string, shown: string): void {
  if (realpathSync(folder).startsWith(root + sep)) return;
  throw new BadInput(`Cannot write "${shown}": a link leads out of "environments"`);
}
