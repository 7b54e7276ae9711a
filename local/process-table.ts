/** The running processes with their group and start time: a pid alone may have been given to a stranger since. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly group: number;
  readonly started: string;
}

/** Zombies are left out: where nobody collects them they would look alive for ever. */
export function runningProcesses(): RunningProcess[] {
  const all = process.platform === 'linux' ? fromProc() : fromPs();
  return all.filter((one) => one !== undefined);
}

function fromProc(): (RunningProcess | undefined)[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)));
}

function readStat(pid: number): RunningProcess | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and brackets: the fixed fields start after its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, , group] = fields;
    return state === 'Z' || group === undefined
      ? undefined
      : { pid, group: Number(group), started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function fromPs(): (RunningProcess | undefined)[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,lstart='], { encoding: 'utf8' });
  return text.split('\n').map((line) => {
    const [pid, group, state, ...started] = line.trim().split(/\s+/);
    if (!pid || !group || state?.startsWith('Z')) return undefined;
    return { pid: Number(pid), group: Number(group), started: started.join(' ') };
  });
}
