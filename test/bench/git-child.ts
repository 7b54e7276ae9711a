/** Runs in a process of its own, so that its memory is its own: one return and push. @see git.ts */
import { systemClock } from '../../lib/adapters/clock.ts';
import { pull } from '../../lib/adapters/levers/git/pull.ts';
import { git } from '../../lib/adapters/levers/git.ts';
import { aBranch, anArmedService } from '../service-builders.ts';
import { BENCH_USER, type Task } from './git-repositories.ts';

const { url, path, to, seen }: Task = JSON.parse(process.argv[2] ?? '{}');
const { application: _, ...branch } = aBranch({ repository: url, paths: [path], secret: 'arn:of:the:bench' });
const secrets = { send: async () => ({ SecretString: JSON.stringify(BENCH_USER) }) };
const deps = { clock: systemClock(), secrets: secrets as never, pull };
const port = git(deps)(anArmedService());
const order = { to, incident: 'bench-1', fence: 1, before: { value: seen, revision: seen } };

const began = performance.now();
const { conflict } = await port.act(branch, order);
const ms = performance.now() - began;
if (conflict !== undefined) throw new Error(conflict);
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ms, peakMb })}\n`);
