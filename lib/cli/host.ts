/** The process a command runs in: everything it may know or touch of the machine it is typed on. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Desk } from './desk.ts';

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
  /** The deployment of an environment; none named: the usual one. */
  readonly open: (host: Host, environment: string | undefined) => Promise<Desk>;
  /** Calls back on Ctrl-C instead of ending. @returns what gives Ctrl-C its usual meaning back. */
  readonly onInterrupt: (callback: () => void) => () => void;
}

export function nodeHost(): Host {
  // `reinstate incidents | head`: who reads no further is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return hostHere();
}

const hostHere = (): Host => ({
  terminal: nodeTerminal(),
  env: process.env,
  cwd: process.cwd(),
  user: nameOfUser(),
  random: () => randomBytes(4).toString('hex'),
  // Clients of AWS take most of a second to load: a command that asks nobody does not wait for them.
  open: async (host, environment) => (await import('./deployment.ts')).openDesk(host, environment),
  onInterrupt: (callback) => {
    process.once('SIGINT', callback);
    return () => process.off('SIGINT', callback);
  },
});

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
});

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
