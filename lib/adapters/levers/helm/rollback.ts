import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import { printable } from '../../../core/printable.ts';
import type { HelmLever } from '../../../core/service.ts';
import { revisionChecked } from './names.ts';
import type { Sends } from './pull.ts';
import type { HelmEnd } from './run.ts';

/**
 * `--history-max 0`: else Helm prunes before it writes, and may prune what it is to go back to. No `--wait`: with a
 * Rollout in the chart it never ends. No `--cleanup-on-fail`: what is deleted may be needed by an object that was
 * changed, and its own failure hides the first one (4.1.4). `--timeout` is for hooks.
 */
export const rollbackArguments = (
  { release, namespace }: HelmLever,
  revision: number,
  sends: Sends,
): string[] => [
  'rollback',
  ...['--namespace', namespace],
  ...['--timeout', '12s'],
  ...['--history-max', '0'],
  ...SENT[sends],
  '--',
  release,
  revisionChecked(String(revision)),
];

/**
 * Applied on the server's side, a field that a controller or a person wrote since is a conflict, and the objects beside
 * it are changed nevertheless; with force even the Service selectors of a Rollout are taken away. So that comes last.
 */
const SENT: Record<Sends, readonly string[]> = {
  changes: ['--server-side=false'],
  'whole objects': ['--server-side=true', '--force-conflicts'],
};

/** @throws OutsideTrouble where a run was ended, or could not reach the cluster; OutsideRefusal */
export function requireSuccess({ code, said }: HelmEnd, name: string): void {
  if (code === 0) return;
  const cannot = `Cannot roll back ${name}`;
  if (code === undefined) throw new OutsideTrouble(`${cannot}: helm was ended before it was done`);
  const text = `${cannot}: ${sentenceIn(said)}`;
  throw PASSING.test(said) ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

/** Words of Helm and client-go after which the same run may do better. */
const PASSING =
  /already exists|unreachable|connection|timeout|timed out|deadline exceeded|EOF|TLS handshake|too many requests|object has been modified|server is currently unable|internal error|etcdserver/i;

/** Its error without values: what the API refuses it quotes, and that may be a credential. */
function sentenceIn(said: string): string {
  const lines = said.split('\n');
  const line =
    lines.find((text) => text.startsWith('Error:')) ?? lines.find((text) => text.trim() !== '') ?? '';
  const words = printable(line.replace(/^Error:\s*/, '').replace(/(Invalid value: ).*: /, '$1(left out): '));
  return words.trim() === '' ? 'helm said nothing' : `helm said "${words.trim().slice(0, 400)}"`;
}
