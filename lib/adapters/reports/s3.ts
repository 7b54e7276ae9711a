import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ReportStore } from '../../ports/report-store.ts';
import { asking } from '../aws-errors.ts';

export interface S3ReportsDeps {
  readonly client: S3Client;
  readonly bucket: string;
}

/** Reports in a bucket. */
export const s3Reports = ({ client, bucket }: S3ReportsDeps): ReportStore => ({
  put: async (name, body, contentType) => {
    const command = new PutObjectCommand({ Bucket: bucket, Key: name, Body: body, ContentType: contentType });
    await asking(`store "${name}" in bucket "${bucket}"`, () => client.send(command));
    return `s3://${bucket}/${name}`;
  },
});
