/** The process a command runs in: everything it may know or touch of the machine it is typed on. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { EstateReader } from '../ports/estate-reader.ts';
import { STOPPED, type StopSignal } from './answer.ts';
import type { Desk } from './desk.ts';
import type { Found } from './which-environment.ts';

export interface Terminal {
  /** Writes to standard output as it is. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTty: boolean;
  /** Whether somebody looks at standard error: a line there may be drawn over. @default false */
  readonly errIsTty?: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Whether it shows more than ASCII. @default true */
  readonly unicode?: boolean;
  /** Calls back every second until what it returns is called. @default - nobody is called */
  readonly everySecond?: (callback: () => void) => () => void;
}

export interface Host {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `environments` and `.reinstate` are looked for, and reports are written. */
  readonly cwd: string;
  /** Who sits there. */
  readonly user: string;
  /** Eight hex digits, for names that nobody else may choose. */
  readonly random: () => string;
  /**
   * The deployment of an environment; none named: the usual one. A service that has no file there is refused before
   * credentials are looked for.
   */
  readonly open: (host: Host, environment: string | undefined, service?: string) => Promise<Desk>;
  /** Shows a file in the browser. @returns whether there was one. @default - there is none */
  readonly browse?: (file: string) => Promise<boolean>;
  /** What stands before a service is described. @default - the environment's account, clusters and registry */
  readonly estate?: (found: Found) => Promise<EstateReader>;
  /** Asks whoever sits there, yes or no; nothing where nobody does. @default - at the terminal */
  readonly confirm?: (question: string) => Promise<boolean | undefined>;
  /**
   * Calls back on Ctrl-C, SIGTERM, and when the terminal is gone (SIGHUP), instead of ending; the next one ends at once.
   * @returns what gives them their usual meaning back.
   */
  readonly onInterrupt: (callback: (signal: StopSignal) => void) => () => void;
}

export function nodeHost(): Host {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  return hostHere();
}

/** `reinstate incidents | head`, or a terminal that was closed (EIO): who reads no further is no error. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(process.exitCode ?? 0);
  throw error;
}

const hostHere = (): Host => ({
  terminal: nodeTerminal(),
  env: process.env,
  cwd: process.cwd(),
  user: nameOfUser(),
  random: () => randomBytes(4).toString('hex'),
  // Clients of AWS take most of a second to load: a command that asks nobody does not wait for them.
  open: async (...named) => (await import('./deployment.ts')).openDesk(...named),
  browse: async (file) => (await import('./browser.ts')).openInBrowser(file, process),
  onInterrupt: onStopSignal,
});

/** A second one finds no listener any more, and Node ends at once. */
function onStopSignal(callback: (signal: StopSignal) => void): () => void {
  const signals = Object.keys(STOPPED) as StopSignal[];
  const off = () => {
    for (const signal of signals) process.off(signal, told);
  };
  const told = (signal: StopSignal) => {
    off();
    callback(signal);
  };
  for (const signal of signals) process.on(signal, told);
  return off;
}

/** Without a width nobody is looking: lines are left whole. */
const NO_TERMINAL = 200;

export const nodeTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTty: process.stdout.isTTY === true && process.env['TERM'] !== 'dumb',
  errIsTty: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  // Asked each time: windows change their size while a tree is drawn in them.
  get columns() {
    return process.stdout.columns || NO_TERMINAL;
  },
  get rows() {
    return process.stdout.rows || NO_TERMINAL;
  },
  color: wantsColor(process.env, process.stdout.isTTY === true),
  unicode: showsUnicode(process.env),
  everySecond: (callback) => {
    const timer = setInterval(callback, 1000);
    return () => clearInterval(timer);
  },
});

/** By the locale, as POSIX orders its variables; containers set none, and the terminals around them know UTF-8. */
export function showsUnicode(env: Host['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  // The console of Linux has 512 characters, without check marks and most blocks.
  return env['TERM'] !== 'linux' && (!locale || /utf-?8/i.test(locale));
}

/** https://no-color.org: set to anything but nothing. */
export const wantsColor = (env: Host['env'], isTty: boolean): boolean =>
  isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

/** A container may run under a user that has no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim();
  }
}
