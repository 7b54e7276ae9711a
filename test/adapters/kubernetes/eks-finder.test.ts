import { EKSClient } from '@aws-sdk/client-eks';
import { describe, expect, it } from '@jest/globals';
import { unretriedOptions } from '../../../lib/adapters/clients.ts';
import { type EksFinderProps, eksFinder } from '../../../lib/adapters/kubernetes/eks-finder.ts';
import { json, serve } from '../serve.ts';

const clientAt = (endpoint: string) =>
  new EKSClient({
    ...unretriedOptions({ region: 'eu-west-1', endpoint }),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's' },
  });

/** A first call of the SDK loads what it needs: its time matters in one test only. */
const finderAt = (url: string, over: Partial<EksFinderProps> = {}) =>
  eksFinder({ eks: clientAt(url), log: () => undefined, withinMs: 15_000, ...over });

describe('where EKS says that a cluster is', () => {
  it('is its endpoint and CA', async () => {
    const url = await serve((_, response) =>
      json(response, { cluster: { endpoint: 'https://eks', certificateAuthority: { data: 'Q0E=' } } }),
    );

    expect(await finderAt(url).find('ml-prod')).toEqual({
      endpoint: 'https://eks',
      ca: 'Q0E=',
    });
  });

  it('F51: is asked once, and not waited for longer than its time: the log has why', async () => {
    let asked = 0;
    const lines: string[] = [];
    const url = await serve(() => {
      asked += 1;
    });
    const finder = finderAt(url, { log: (text) => lines.push(text), withinMs: 1000 });

    const from = performance.now();
    await expect(finder.find('ml-prod')).rejects.toMatchObject({ name: 'OutsideTrouble' });

    expect(performance.now() - from).toBeLessThan(10_000);
    expect(asked).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^Cannot find EKS cluster "ml-prod": AbortError: /)]);
  });

  it('F51: is asked once where EKS is broken', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      json(response, {}, 503);
    });

    const failed = finderAt(url).find('ml-prod');

    await expect(failed).rejects.toMatchObject({ name: 'OutsideTrouble' });
    expect(asked).toBe(1);
  });

  it('is not for everybody to know: who may not ask is told which permission is missing', async () => {
    const url = await serve((_, response) => {
      response.setHeader('x-amzn-errortype', 'AccessDeniedException');
      json(response, { message: 'not authorized' }, 403);
    });
    const lines: string[] = [];

    await expect(finderAt(url, { log: (text) => lines.push(text) }).find('ml-prod')).rejects.toMatchObject({
      name: 'OutsideRefusal',
    });

    expect(lines).toEqual([expect.stringMatching(/this role lacks the permission eks:DescribeCluster$/)]);
  });
});
