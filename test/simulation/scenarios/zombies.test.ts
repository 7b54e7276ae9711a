import { describe, expect, it } from '@jest/globals';
import { lambdaError, type Worker } from '../../../lib/simulation/worker.ts';
import { type Day, day } from '../scenario.ts';
import { cameTo, flagHeld, ONE_ALARM, WELL } from './executions.ts';
import { endingExecution, fate, type Script } from './faults.ts';

const WRITE = 'dynamodb.TransactWriteItems';
const MINUTE = 60_000;

/** It stands still before its write, is given up when its time is over, and wakes when the incident is long over. */
const sleeper = (name: Worker['function'], write = 1): Script =>
  fate({ function: name, operation: WRITE, worker: /@event-1-1#/, from: write }, { sleepsMs: 8 * MINUTE });

/** What it called after it woke up; changes of the table are lines of their own, and come after their call. */
function zombieDid({ environment: { witness } }: Day): string[] {
  const woke = witness.trace.findIndex((line) => line.endsWith('wakes up'));
  const [, zombie = 'nobody'] = /^\S+ (\S+?)\//.exec(witness.trace[woke] ?? '') ?? [];
  const since = witness.trace.slice(woke + 1);
  const own = (n: number): boolean =>
    /^\S+ {3}/.test(since[n] ?? '') ? own(n - 1) : (since[n]?.includes(` ${zombie} `) ?? false);
  return since.filter((_, n) => own(n)).map((line) => line.replace(/^\S+ /, ''));
}

const A_CHANGE_OUTSIDE = /PutParameter|PutObject|SetAlias|DeleteAlias|SetTag|Reload|Publish| -> /;
const A_CHANGE = new RegExp(`^ {2}|${A_CHANGE_OUTSIDE.source}`);

const sleepers: [string, () => Script][] = [
  ['before it takes the lease', () => sleeper('open-incident')],
  ['before it holds', () => sleeper('hold-promotion')],
  ['before it announces its act', () => sleeper('apply-flag')],
  ['before it announces the act of the second rung', () => sleeper('apply-alias')],
  ['before it writes its receipt', () => sleeper('apply-flag', 2)],
  ['before it writes its verdict', () => sleeper('verify-recovery')],
  ['before it closes', () => sleeper('close-incident')],
];

/** The connection to a function breaks: its state tries again, and it runs on. */
function loseSightOf(worker: Worker): void {
  worker.unseen = true;
  worker.lost.reject(lambdaError('Lambda.SdkClientException', 'the connection was reset'));
}

describe('F13: a worker stands still for longer than its time, and wakes as a zombie', () => {
  it.each(sleepers)(
    '%s: its state has tried again, and the zombie changes nothing outside',
    async (_, script) => {
      const seen = await day((environment) => {
        environment.script = script();
      }, ONE_ALARM);

      expect(cameTo(seen)).toMatchObject({
        end: WELL.end,
        changes: WELL.changes,
        violations: [],
        running: [],
      });
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
      expect(zombieDid(seen)).not.toEqual([]);
      expect(zombieDid(seen).filter((what) => A_CHANGE_OUTSIDE.test(what))).toEqual([]);
      expect(seen.incident.takeovers).toBe(0);
    },
  );

  it.each(sleepers)(
    '%s, and its execution failed meanwhile: taken over, and fenced off',
    async (_, script) => {
      const seen = await day((environment) => {
        environment.script = endingExecution(environment, 'failed', script());
      }, ONE_ALARM);

      expect(cameTo(seen)).toMatchObject({
        end: WELL.end,
        changes: WELL.changes,
        violations: [],
        running: [],
      });
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
      expect(zombieDid(seen)).not.toEqual([]);
      expect(zombieDid(seen).filter((what) => A_CHANGE.test(what))).toEqual([]);
    },
  );

  it.each(sleepers.slice(1))(
    '%s, and a person stopped its execution: cancelled, and fenced off',
    async (_, script) => {
      const seen = await day((environment) => {
        environment.script = endingExecution(environment, 'aborted', script());
      }, ONE_ALARM);

      const { end, violations, running, pages } = cameTo(seen);
      expect({ end, violations, running }).toEqual({ end: 'cancelled, closed', violations: [], running: [] });
      expect(pages).toEqual(['recommender (local) rollback was cancelled']);
      expect(zombieDid(seen)).not.toEqual([]);
      expect(zombieDid(seen).filter((what) => A_CHANGE.test(what))).toEqual([]);
    },
  );

  it.each([
    ['apply-flag', 'ssm.PutParameter'],
    ['apply-alias', 'mlflow.SetAlias'],
  ] as const)(
    '%s gets no further at its act until its time is over: done once, by the next attempt',
    async (name, operation) => {
      const seen = await day((environment) => {
        environment.script = fate({ function: name, operation }, 'hang');
      }, ONE_ALARM);

      expect(cameTo(seen)).toEqual(WELL);
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    },
  );

  it('out of sight, and still in its time: the next attempt waits for it, and finds its work done', async () => {
    const seen = await day((environment) => {
      const still = fate({ function: 'apply-flag', operation: 'ssm.PutParameter' }, { sleepsMs: 15_000 });
      environment.script = (worker, moment) => {
        const sleeps = still(worker, moment);
        if (sleeps) loseSightOf(worker);
        return sleeps;
      };
    }, ONE_ALARM);

    expect(cameTo(seen)).toMatchObject({ end: WELL.end, changes: WELL.changes, violations: [], running: [] });
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
  });

  it.each([
    ['failed', WELL.end],
    ['aborted', 'cancelled, closed'],
  ] as const)(
    'still in its time, after its execution %s: its act lands, and nobody acts before',
    async (as, end) => {
      const seen = await day((environment) => {
        const still = fate({ function: 'apply-flag', operation: 'ssm.PutParameter' }, { sleepsMs: 15_000 });
        environment.script = endingExecution(environment, as, still);
      }, ONE_ALARM);

      expect(cameTo(seen)).toMatchObject({ end, violations: [], running: [] });
      expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
      const { fence = 0, takenAt = 0 } = (await seen.read.lease('recommender')) ?? {};
      expect(fence).toBe(2);
      const attempt = await seen.read.attempt(seen.incident.id, '1.1');
      expect(attempt?.fence).toBe(1);
      expect(takenAt).toBeGreaterThan(attempt?.actUntil ?? Number.POSITIVE_INFINITY);
    },
  );
});
