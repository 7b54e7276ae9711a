import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { OutsideTrouble } from '../../core/errors.ts';
import { readItem } from '../../core/format.ts';
import type { Attributes, Key, Write } from '../../core/write.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger, WriteResult } from '../../ports/ledger.ts';
import { asking } from '../aws-errors.ts';
import { type Retry, retrying } from '../retry.ts';
import { transactItem } from './expressions.ts';
import { plainWrites } from './plain.ts';

export interface DynamoLedgerDeps {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
}

/** The table in DynamoDB: every read strongly consistent, every write a transaction. */
export function dynamoLedger({ client, tableName, clock }: DynamoLedgerDeps): Ledger {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table: Table = { documents, tableName };
  return {
    get: (key) => get(table, key),
    list: (pk, prefix) => list(table, pk, prefix),
    write: (writes) => write(table, clock, writes),
  };
}

interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}

async function get({ documents, tableName }: Table, key: Key): Promise<Attributes | undefined> {
  const command = new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true });
  const { Item } = await asking(`read "${key.pk} ${key.sk}"`, () => documents.send(command));
  if (!Item) return undefined;
  const { pk: _pk, sk: _sk, ...item } = Item;
  return readItem(item, `${key.pk} ${key.sk}`);
}

async function list({ documents, tableName }: Table, pk: string, prefix: string) {
  const items: (Attributes & Key)[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const command = new QueryCommand({
      TableName: tableName,
      ...within(pk, prefix),
      ExclusiveStartKey: from,
    });
    const page = await asking(`list "${pk} ${prefix}"`, () => documents.send(command));
    items.push(...((page.Items ?? []) as (Attributes & Key)[]).map(known));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

const known = (item: Attributes & Key): Attributes & Key => ({
  ...readItem(item, `${item.pk} ${item.sk}`),
  pk: item.pk,
  sk: item.sk,
});

/** DynamoDB refuses an empty prefix in a key condition. */
const within = (pk: string, prefix: string) => ({
  ConsistentRead: true,
  KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: prefix === '' ? { ':pk': pk } : { ':pk': pk, ':prefix': prefix },
});

/** Neighbours in a rung share the lease's item: their transactions meet, and one is asked again. */
const whenNeighboursMeet = (clock: Clock): Retry => ({
  clock,
  attempts: 20,
  budgetMs: 2000,
  firstWaitMs: 50,
});

async function write({ documents, tableName }: Table, clock: Clock, writes: readonly Write[]) {
  const command = new TransactWriteCommand({
    // One token for all attempts: an answer that was lost on the way is given again, not the write.
    ClientRequestToken: randomUUID(),
    TransactItems: plainWrites(writes).map((w) => transactItem(tableName, w)),
  });
  const send = async (): Promise<WriteResult> => {
    try {
      await documents.send(command);
      return { outcome: 'written' };
    } catch (error) {
      return conflictIn(error);
    }
  };
  const action = `write ${writes.length} items`;
  return asking(action, () => retrying(whenNeighboursMeet(clock), send, (e) => e instanceof Met));
}

/** Another transaction held one of the items at that moment: nothing was compared, nothing written. */
class Met extends OutsideTrouble {}

/** The positions whose condition did not hold. @throws Met when only the moment was wrong; else what came. */
function conflictIn(error: unknown): WriteResult {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  const failed = codes.flatMap((code, n) => (code === 'ConditionalCheckFailed' ? [n] : []));
  if (failed.length > 0) return { outcome: 'conflict', failed };
  const others = codes.filter((code) => code !== undefined && code !== 'None');
  if (others.length > 0 && others.every((code) => MOMENTARY.has(code ?? ''))) {
    throw new Met(`Cannot write to the table: ${others.join(', ')} for 2 s`, { cause: error });
  }
  throw error;
}

const MOMENTARY = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
