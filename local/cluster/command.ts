/** Runs programs: arguments only, never a shell; an error tells the command and what it wrote. */
import { execFile } from 'node:child_process';

export interface Run {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default 120. */
  readonly seconds?: number;
}

/** What the command wrote to its standard output. Throws when it ends with anything but 0. */
export function run(command: string, args: readonly string[], how: Run = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      {
        env: { ...bareEnvironment(), ...how.env },
        cwd: how.cwd,
        timeout: (how.seconds ?? 120) * 1000,
        maxBuffer: 64 << 20,
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = (stderr || stdout).trim() || `it ended with ${error.code ?? error.signal}`;
        return reject(new Error(`cannot run ${command} ${args.map(shown).join(' ')}: ${said}`));
      },
    );
    child.stdin?.on('error', () => undefined); // it ended without reading: its exit code tells
    child.stdin?.end(how.input ?? '');
  });
}

const shown = (arg: string): string => arg.replace(/^--token=.*/, '--token=...');

/** Without proxies and without a kubeconfig of the user's: nothing here may reach another cluster. */
export function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/_proxy$/i.test(name) && !/^(KUBE|HELM)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
