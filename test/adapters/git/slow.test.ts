import { describe, expect, it } from '@jest/globals';
import { NOBODY } from '../../../lib/adapters/git/credentials.ts';
import { line } from '../../../lib/adapters/git/pkt-lines.ts';
import { smartHttp } from '../../../lib/adapters/git/smart-http.ts';
import type { BytesHttp } from '../../../lib/adapters/http.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';

describe('F20: a server that takes its time for every answer', () => {
  it('is trouble after 12 seconds in all, however many answers come', async () => {
    const clock = memoryClock(0);
    const http: BytesHttp = async ({ method, timeoutMs = 5000 }) => {
      await clock.sleep(Math.min(timeoutMs, 4000));
      const kind = method === 'POST' ? 'result' : 'advertisement';
      const text = method === 'POST' ? line(`${'a'.repeat(40)} refs/heads/main`) : line('version 2');
      return {
        status: 200,
        contentType: `application/x-git-upload-pack-${kind}`,
        bytes: Buffer.from(`${text}0000`),
      };
    };
    const repository = 'https://git.example.com/shop/deploy.git';
    const remote = smartHttp({ http, clock, repository, credentials: async () => NOBODY });
    await remote.headOf('main');
    await remote.headOf('main');

    await expect(remote.headOf('main')).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: `Cannot read ${repository}: no whole answer in 12000 ms in all`,
    });
    expect(clock.now()).toBe(12_000);
  });
});
