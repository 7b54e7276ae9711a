/** Keeps a copy of every closing report in `.reinstate/local/reports`, where they outlive the local AWS. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { reportsBucketName } from '../../lib/core/environment.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../aws/ministack.ts';
import { localPath } from '../paths.ts';

const EVERY_MS = 3000;

const Bucket = reportsBucketName({ name: 'local', account: AWS_ACCOUNT, region: AWS_REGION });

export function copyReportsForever(): void {
  const client = new S3Client({ maxAttempts: 1, forcePathStyle: true });
  setInterval(() => void copyNew(client), EVERY_MS);
}

async function copyNew(client: S3Client): Promise<void> {
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key = '', ETag = '' } of Contents) await copyOne(client, Key, ETag);
  } catch (error) {
    // Until the stack is deployed there is no bucket.
    if (!(error instanceof Error && error.name === 'NoSuchBucket'))
      console.error('cannot copy reports:', error);
  }
}

/** `<service>/<incident>/<fence>.<json|html>` becomes `<incident>.<json|html>`; written anew, it is copied anew. */
async function copyOne(client: S3Client, Key: string, tag: string): Promise<void> {
  const [, incident, name] = Key.split('/');
  const kept = localPath('reports', `.${incident}-${name}-${tag.replaceAll('"', '')}`);
  if (!incident || !name || existsSync(kept)) return;
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const text = (await Body?.transformToString()) ?? '';
  mkdirSync(localPath('reports'), { recursive: true });
  writeFileSync(join(localPath('reports'), `${incident}.${name.split('.').at(-1)}`), text);
  writeFileSync(kept, '');
}
