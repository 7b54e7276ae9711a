import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { When, Write } from '../../core/write.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Names and values of one expression; every name is given as `#n`, so no reserved word can collide. */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};

  name(attribute: string): string {
    const known = Object.keys(this.names).find((key) => this.names[key] === attribute);
    const placeholder = known ?? `#n${Object.keys(this.names).length}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** The two maps as DynamoDB wants them: absent rather than empty. */
  get used() {
    return {
      ...(Object.keys(this.names).length > 0 && { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length > 0 && { ExpressionAttributeValues: this.values }),
    };
  }
}

/** One write as an item of a DynamoDB transaction. */
export function transactItem(TableName: string, write: Write): TransactItem {
  const holders = new Placeholders();
  const { key } = write;
  if (write.kind === 'put') {
    const condition = write.when && { ConditionExpression: whenExpression(holders, write.when) };
    return { Put: { TableName, Item: { ...write.item, ...key }, ...condition, ...holders.used } };
  }
  if (write.kind === 'update') return updateItem(TableName, write);
  if (write.kind === 'delete') {
    const condition = write.when && { ConditionExpression: whenExpression(holders, write.when) };
    return { Delete: { TableName, Key: key, ...condition, ...holders.used } };
  }
  const ConditionExpression = whenExpression(holders, write.when);
  return { ConditionCheck: { TableName, Key: key, ConditionExpression, ...holders.used } };
}

function updateItem(TableName: string, write: Write & { kind: 'update' }): TransactItem {
  const holders = new Placeholders();
  // DynamoDB's update makes an item that is not there: an update of ours never does.
  const exists = `attribute_exists(${holders.name('pk')})`;
  const ConditionExpression = `${exists} AND ${whenExpression(holders, write.when)}`;
  const sets = Object.entries(write.set).map(([name, v]) => `${holders.name(name)} = ${holders.value(v)}`);
  const adds = Object.entries(write.add ?? {}).map(
    ([name, n]) => `${holders.name(name)} ${holders.value(n)}`,
  );
  const UpdateExpression = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(adds.length > 0 ? [`ADD ${adds.join(', ')}`] : []),
  ].join(' ');
  const common = { TableName, Key: write.key, ConditionExpression, ...holders.used };
  return UpdateExpression === '' ? { ConditionCheck: common } : { Update: { ...common, UpdateExpression } };
}

function whenExpression(holders: Placeholders, when: When): string {
  if (when === 'absent') return `attribute_not_exists(${holders.name('pk')})`;
  const clauses = Object.entries(when).map(([attribute, values]) => {
    const list = values.map((value) => holders.value(value)).join(', ');
    return `${holders.name(attribute)} IN (${list})`;
  });
  return clauses.length === 0 ? `attribute_exists(${holders.name('pk')})` : clauses.join(' AND ');
}
