/** Shows a file in whatever browser the person has. */
import { spawn } from 'node:child_process';

/** The machine, as far as it decides how files are opened. */
export interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A program that has not failed by then shows the file. @default 2000 */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 2_000;

/** @returns false where there is no browser, or no screen for one: then somebody has to be told where the file is */
export function openInBrowser(file: string, machine: Machine): Promise<boolean> {
  const program = programOf(machine);
  if (program === undefined) return Promise.resolve(false);
  const [name, ...words] = program;
  return new Promise((resolve) => {
    const child = spawn(name, [...words, file], { stdio: 'ignore', detached: true, env: machine.env });
    const patience = setTimeout(() => resolve(true), machine.patienceMs ?? PATIENCE_MS);
    const settle = (shown: boolean) => {
      clearTimeout(patience);
      resolve(shown);
    };
    child.on('error', () => settle(false));
    child.on('exit', (code) => settle(code === 0));
    child.unref();
  });
}

/** Over SSH there is no screen; a browser of the terminal would stand in the way of the command. */
function programOf({ platform, env }: Machine): [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  const hasScreen = env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['BROWSER'];
  return hasScreen ? ['xdg-open'] : undefined;
}
