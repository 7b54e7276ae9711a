/** A local AWS of its own for one suite, and the calls that a suite needs beside the SDK clients. */

import { AWS_REGION, clientEnvironment, startAws } from '../../local/aws/ministack.ts';
import { type Recorded, stopPart } from '../../local/process.ts';
import { waitUntil } from '../../local/wait.ts';

export interface LocalAws {
  readonly endpoint: string;
  /** For the constructors of SDK clients. */
  readonly client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  createStack(resources: Record<string, unknown>): Promise<void>;
  /** A call in the JSON protocol of a service that has no client among our dependencies. */
  call(service: string, target: string, body: unknown): Promise<unknown>;
  stop(): Promise<unknown>;
}

export async function startLocalAws(suite: string): Promise<LocalAws> {
  const name = `aws-${suite}-${process.pid}`;
  const part = await startAws(() => undefined, name);
  const endpoint = `http://127.0.0.1:${part.port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  Object.assign(process.env, clientEnvironment(endpoint));
  return {
    endpoint,
    client: { endpoint, region: AWS_REGION, credentials },
    createStack: (resources) => createStack(part, resources),
    call: (service, target, body) => call(part, { service, target, body }),
    stop: () => stopPart(name),
  };
}

let stacks = 0;

async function createStack(part: Recorded, resources: Record<string, unknown>): Promise<void> {
  stacks += 1;
  const StackName = `suite-${stacks}`;
  await form(part, {
    Action: 'CreateStack',
    StackName,
    TemplateBody: JSON.stringify({ Resources: resources }),
  });
  const status = await waitUntil(
    async () => {
      const text = await form(part, { Action: 'DescribeStacks', StackName });
      const found = /<StackStatus>(\w+)<\/StackStatus>/.exec(text)?.[1];
      return found?.endsWith('_COMPLETE') || found?.endsWith('_FAILED') ? found : undefined;
    },
    { what: `stack ${StackName}`, seconds: 60 },
  );
  if (status !== 'CREATE_COMPLETE') {
    throw new Error(
      `cannot create stack ${StackName}: ${status}\n${await form(part, { Action: 'DescribeStackEvents', StackName })}`,
    );
  }
}

async function form(part: Recorded, fields: Record<string, string>): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${part.port}/`, {
    method: 'POST',
    headers: { authorization: scope('cloudformation') },
    body: new URLSearchParams({ Version: '2010-05-15', ...fields }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`cannot ${fields['Action']}: ${text}`);
  return text;
}

async function call(
  part: Recorded,
  request: { service: string; target: string; body: unknown },
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${part.port}/`, {
    method: 'POST',
    headers: {
      authorization: scope(request.service),
      'x-amz-target': request.target,
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(request.body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`cannot ${request.target}: ${text}`);
  return text ? JSON.parse(text) : {};
}

/** The server reads account, region and service out of the header and checks no signature. */
const scope = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/${AWS_REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
