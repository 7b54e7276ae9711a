/** Python environments for the servers that are written in Python: pinned, installed once, kept between runs. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './lock.ts';
import { cachePath, sourcePath } from './paths.ts';

const INSTALLER = 'uv==0.13.8';

/** Something the user has to install first; the command line ends with exit code 3. */
export class MissingPrerequisite extends Error {
  override readonly name = 'MissingPrerequisite';
}

/** Sets of packages; `awscli` is only for benches. */
export type Packages = 'aws' | 'awscli' | 'mlflow';

/** Ready `python` of the environment whose pins are in `local/<name>/requirements.txt`. */
export function pythonFor(name: Packages, say: (line: string) => void): Promise<string> {
  const lock = {
    file: cachePath('python', 'install.lock'),
    what: 'it installs Python packages',
    seconds: 1800,
  };
  return oneAtATime(lock, say, () => installed(name, say));
}

async function installed(name: Packages, say: (line: string) => void): Promise<string> {
  const requirements = sourcePath(name, 'requirements.txt');
  const home = cachePath('python', name);
  const python = join(home, 'bin', 'python');
  const stamp = join(home, 'installed');
  const wanted = createHash('sha256')
    .update(readFileSync(requirements))
    .update(findPython().version)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  say(
    `installing ${readFileSync(requirements, 'utf8').trim().split('\n').length} pinned Python packages for ${name} (once)`,
  );
  const began = Date.now();
  await install(home, requirements);
  writeFileSync(stamp, wanted);
  say(`installed ${name} in ${Math.round((Date.now() - began) / 1000)} s`);
  return python;
}

/** The first Python >= 3.10 that can make virtual environments. */
export function findPython(): { command: string; version: string } {
  const names = [
    process.env['PYTHON'],
    'python3',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
    'python',
  ];
  for (const command of names) {
    const version = command && versionOf(command);
    if (command && version) return { command, version };
  }
  throw new MissingPrerequisite(
    'The local environment needs Python 3.10 or newer with venv and found none: install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python), or name one in PYTHON.',
  );
}

function versionOf(command: string): string | undefined {
  const program =
    'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.executable, *sys.version_info[:3])';
  try {
    return execFileSync(command, ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

async function install(home: string, requirements: string): Promise<void> {
  rmSync(home, { recursive: true, force: true });
  await run(findPython().command, ['-m', 'venv', home]);
  const python = join(home, 'bin', 'python');
  const quick = await installer();
  if (quick) await run(quick, ['pip', 'install', '--python', python, '--requirement', requirements]);
  else
    await run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--requirement', requirements]);
}

/** The fast installer, when there is one for this machine; plain pip does the same in four times the time. */
async function installer(): Promise<string | undefined> {
  const home = cachePath('python', 'installer');
  const uv = join(home, 'bin', 'uv');
  if (existsSync(uv)) return uv;
  try {
    await run(findPython().command, ['-m', 'venv', home]);
    await run(join(home, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      INSTALLER,
    ]);
    return uv;
  } catch {
    return undefined;
  }
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`cannot install: ${command} ${args.join(' ')} ended with ${code}`)),
    );
  });
}
