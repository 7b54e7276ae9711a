import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { oneAtATime } from '../../local/lock.ts';

const aLock = (seconds = 30) => ({
  file: join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock'),
  what: 'it builds',
  seconds,
});
const silent = () => undefined;

describe('a lock between processes', () => {
  it('lets one work after the other, and gives what the work gives', async () => {
    const lock = aLock();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      return name;
    };

    const done = await Promise.all([
      oneAtATime(lock, silent, work('a')),
      oneAtATime(lock, silent, work('b')),
    ]);

    expect(done).toEqual(['a', 'b']);
    const first = order[0]?.startsWith('a') ? ['a', 'b'] : ['b', 'a'];
    expect(order).toEqual(first.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('is let go when the work fails', async () => {
    const lock = aLock();
    const failing = oneAtATime(lock, silent, async () => {
      throw new Error('no Go');
    });

    await expect(failing).rejects.toThrow('no Go');
    expect(await oneAtATime(lock, silent, async () => 'built')).toBe('built');
  });

  it('is let go when its holder is killed', async () => {
    const lock = aLock();
    const lib = new URL('../../local/lock.ts', import.meta.url).href;
    const program = `const { oneAtATime } = await import(${JSON.stringify(lib)});
      await oneAtATime(${JSON.stringify(lock)}, console.log, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
    const holder = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program]);
    await once(holder.stdout, 'data');

    holder.kill('SIGKILL');

    expect(await oneAtATime(lock, silent, async () => 'built')).toBe('built');
  });

  it('gives up in time, and says why', async () => {
    const lock = aLock(0);

    await oneAtATime(lock, silent, async () => {
      await expect(oneAtATime(lock, silent, async () => 'built')).rejects.toThrow(
        'waiting for another process, it builds: not free after 0 s',
      );
    });
  });
});
