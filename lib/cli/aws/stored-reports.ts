import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { asking } from '../../adapters/aws-errors.ts';
import { NotReady } from '../../core/errors.ts';
import type { StoredReports } from '../desk.ts';

/** Closing reports in the environment's bucket. */
export const bucketReports = ({ client }: { readonly client: S3Client }): StoredReports => ({
  get: async (url) => {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    if (!Bucket || !Key)
      throw new NotReady(`Cannot fetch the report at "${url}": expected s3://<bucket>/<name>`);
    const action = `fetch "${Key}" from bucket "${Bucket}"`;
    return asking(action, async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString('utf-8')) ?? '';
    });
  },
});
