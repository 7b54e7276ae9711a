import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { dynamoLedger } from '../../../lib/adapters/ledger/dynamodb.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import type { Write } from '../../../lib/core/write.ts';
import { serve } from '../serve.ts';

const key = { pk: 'a', sk: 'b' };
const writes: Write[] = [{ kind: 'delete', key }];

type Answer = { readonly status: number; readonly body: object };

/** A DynamoDB that gives these answers in order, the last one for ever, and keeps what it was asked. */
async function ledgerOn(...answers: Answer[]) {
  const sent: Record<string, unknown>[] = [];
  const endpoint = await serve(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    sent.push(JSON.parse(Buffer.concat(chunks).toString()));
    const { status, body } = answers[Math.min(sent.length, answers.length) - 1] ?? answered({});
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const clock = memoryClock(0);
  return { ledger: dynamoLedger({ client, tableName: 't', clock }), sent, clock };
}

const answered = (body: object): Answer => ({ status: 200, body });

const failed = (name: string, status = 400, more: object = {}): Answer => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'It said so.', ...more },
});

const cancelled = (...codes: string[]): Answer =>
  failed('TransactionCanceledException', 400, { CancellationReasons: codes.map((Code) => ({ Code })) });

describe('dynamoLedger', () => {
  it('asks again, with the same token, when a neighbour held the item at that moment', async () => {
    const { ledger, sent } = await ledgerOn(
      cancelled('TransactionConflict'),
      cancelled('None', 'TransactionConflict'),
      answered({}),
    );

    expect(await ledger.write(writes)).toEqual({ outcome: 'written' });

    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((input) => input['ClientRequestToken'])).size).toBe(1);
  });

  it('F15: gives up after 2 s of that', async () => {
    const { ledger, clock } = await ledgerOn(cancelled('TransactionConflict'));

    await expect(ledger.write(writes)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/TransactionConflict for 2 s$/),
      cause: expect.any(TransactionCanceledException),
    });
    expect(clock.now()).toBeLessThan(2000);
  });

  it('says which conditions failed, also beside a conflict of the moment', async () => {
    const { ledger, sent } = await ledgerOn(
      cancelled('TransactionConflict', 'None', 'ConditionalCheckFailed'),
    );

    expect(await ledger.write(writes)).toEqual({ outcome: 'conflict', failed: [2] });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['ProvisionedThroughputExceededException', 400],
    ['InternalServerError', 500],
  ])('F15: takes %s for trouble, with its cause', async (name, status) => {
    const { ledger } = await ledgerOn(failed(name, status));
    const trouble = {
      name: 'OutsideTrouble',
      cause: expect.objectContaining({ name }),
      message: expect.stringMatching(`${name}: It said so$`),
    };

    await expect(ledger.write(writes)).rejects.toMatchObject(trouble);
    await expect(ledger.get(key)).rejects.toMatchObject(trouble);
    await expect(ledger.list('a', 'b')).rejects.toMatchObject(trouble);
  });

  it('F15: takes a table that cannot be reached for trouble', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const place = { endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials, maxAttempts: 1 };
    const client = new DynamoDBClient(place);
    const ledger = dynamoLedger({ client, tableName: 't', clock: memoryClock(0) });

    await expect(ledger.get(key)).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });

  it('takes a missing permission, and a transaction that is wrong in itself, for a refusal', async () => {
    const denied = await ledgerOn(failed('AccessDeniedException'));
    const wrong = await ledgerOn(cancelled('ValidationError'));

    await expect(denied.ledger.get(key)).rejects.toMatchObject({ name: 'OutsideRefusal' });
    await expect(wrong.ledger.write(writes)).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });

  it('lists page after page, strongly consistent', async () => {
    const item = (n: number) => ({ pk: { S: 'a' }, sk: { S: `${n}` } });
    const { ledger, sent } = await ledgerOn(
      answered({ Items: [item(1)], LastEvaluatedKey: item(1) }),
      answered({ Items: [item(2)] }),
    );

    expect((await ledger.list('a', 'b')).map(({ sk }) => sk)).toEqual(['1', '2']);
    expect(sent[1]).toMatchObject({ ExclusiveStartKey: item(1), ConsistentRead: true });
  });
});
