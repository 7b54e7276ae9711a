import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { handlerOf } from '../../lambdas/_handler.ts';
import type { Operation } from '../../lib/adapters/memory/trouble.ts';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { redacted } from '../../lib/core/redact.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { type Run, runIncident, sweepMinutes } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, aShop, pass, type Shop } from './shop.ts';

/** The token that must not get out, in every dress in which an outside system may echo it. */
const CANARY = 'canary7Xq2Lw9';
const ECHO = [
  `refused: password=${CANARY}`,
  JSON.stringify({ token: CANARY }),
  `Authorization: Bearer ${CANARY}`,
  `https://ann:${CANARY}@mlflow.example/?api_key=${CANARY}&X-Amz-Security-Token=${CANARY}`,
].join(' ');

/** Runs an incident to its end. @returns all that can be read of it afterwards, as one text. */
async function artefactsOf(shop: Shop, input: unknown = alarmEvent(shop)): Promise<string> {
  const answers: unknown[] = [];
  const keep = (_: string, { cursor }: Run) => answers.push(cursor);
  const run = await runIncident(shop, input, { before: keep });
  await sweepMinutes(shop, 3);
  return everythingIn(shop, [...answers, answerOf(run)]);
}

/** Without what Catch adds to it: that is the error of a handler, which has redacted it (the last of these tests). */
const answerOf = ({ cursor, error }: Run) => ({ ...cursor, error });

const everythingIn = ({ world }: Shop, answers: readonly unknown[]): string => {
  const reports = [...world.reports].map(([name, { body }]) => [name, body]);
  return [...reports.flat(), JSON.stringify([[...world.items], world.messages, answers])].join('\n');
};

/** Every call of one kind fails with the echo. */
function echoing(shop: Shop, operation: Operation, times = 50): void {
  shop.world.trouble.failNext(operation, new OutsideTrouble(`Cannot call ${operation}: ${ECHO}`), { times });
}

describe('F55: a secret that was put into an event is in no artefact', () => {
  it('in the reason and the name of the alarm', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    event.detail.state.reason = ECHO;
    event.detail.alarmName = `red token=${CANARY}`;

    const artefacts = await artefactsOf(shop, event);

    expect(artefacts).not.toContain(CANARY);
    expect(artefacts).toContain('red token=[redacted]');
    expect(artefacts).toContain('recovered');
  });

  it('in the reason of a person', async () => {
    const artefacts = await artefactsOf(await aBrokenShop(), { service: 'recommender', reason: ECHO });

    expect(artefacts).not.toContain(CANARY);
    expect(artefacts).toContain('a person: refused: password=[redacted]');
  });

  it('in an event that is refused at the door', async () => {
    const shop = await aShop();
    const event = alarmEvent(shop);
    event.resources = [`${event.resources[0]}-token=${CANARY}`];
    event.detail.alarmName = `token=${CANARY}`;

    const artefacts = await artefactsOf(shop, event);

    expect(artefacts).not.toContain(CANARY);
    expect(artefacts).toMatch(/alarm \\"token=\[redacted\]\\" belongs to no service/);
  });
});

describe('F55: a secret that an outside system echoes is in no artefact', () => {
  it.each<[string, Operation]>([
    ['MLflow, asked for the alias', 'mlflow.GetAlias'],
    ['MLflow, told to move it', 'mlflow.SetAlias'],
    ['MLflow, told to mark a version', 'mlflow.SetTag'],
    ['SSM, asked for a flag or a mode', 'ssm.GetParameter'],
    ['SSM, told to put a flag', 'ssm.PutParameter'],
    ['CloudWatch, asked for a signal', 'cloudwatch.GetMetricData'],
    ['CloudWatch, asked for an alarm', 'cloudwatch.DescribeAlarms'],
    ['SNS, told to publish', 'sns.Publish'],
    ['S3, told to keep the report', 's3.PutObject'],
    ['the service, told to reload', 'service.Reload'],
    ['the service, asked what it serves', 'service.Served'],
    ['DynamoDB', 'dynamodb.TransactWriteItems'],
  ])('%s', async (_, operation) => {
    const shop = await aBrokenShop();
    echoing(shop, operation);

    expect(await artefactsOf(shop)).not.toContain(CANARY);
  });

  it.each<[string, Operation, RegExp]>([
    ['a receipt', 'ssm.PutParameter', /"note":"Cannot call ssm.PutParameter: refused: password=\[redacted\]/],
    ['a plan', 'mlflow.GetAlias', /Cannot call mlflow.GetAlias: refused: password=\[redacted\]/],
    [
      'a note',
      'mlflow.SetTag',
      /not marked as \w+: Cannot call mlflow.SetTag: refused: password=\[redacted\]/,
    ],
    [
      'a refusal',
      'ssm.GetParameter',
      /cannot be read: Cannot call ssm.GetParameter: refused: password=\[redacted\]/,
    ],
  ])('and %s still says what was refused', async (_, operation, what) => {
    const shop = await aBrokenShop();
    echoing(shop, operation);

    expect(await artefactsOf(shop)).toMatch(what);
  });

  it('a signal, once the levers were pulled: the verdict says that it could not be read', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    const before = (state: string) => state === 'VerifyRecovery' && echoing(shop, 'cloudwatch.GetMetricData');

    const run = await runIncident(shop, event, { before });
    const artefacts = everythingIn(shop, [answerOf(run)]);

    expect(artefacts).not.toContain(CANARY);
    expect(artefacts).toMatch(/Cannot call cloudwatch.GetMetricData: refused: password=\[redacted\]/);
  });

  it('one of two SNS topics: the report says which was not reached', async () => {
    const own = { kind: 'sns', to: 'arn:aws:sns:us-east-1:000000000000:own' } as const;
    const shop = await aBrokenShop({ service: { runbook: { call: [own] } } });
    echoing(shop, 'sns.Publish', 1);

    const artefacts = await artefactsOf(shop);

    expect(artefacts).not.toContain(CANARY);
    expect(artefacts).toMatch(/"problem":"Cannot call sns.Publish: refused: password=\[redacted\]/);
  });

  it.each([
    ['trouble', OutsideTrouble],
    ['a refusal', OutsideRefusal],
    ['a bug', TypeError],
  ])('any call of an incident, as %s', async (_, Kind) => {
    const leaks: number[] = [];

    let nth = 0;
    for (let calls = 1; nth < calls; nth++) {
      const shop = await aBrokenShop();
      calls = 0;
      shop.world.trouble.onCall = (operation) => {
        if (calls++ === nth) throw new Kind(`Cannot call ${operation}: ${ECHO}`);
      };
      const event = alarmEvent(shop);
      const run = await runIncident(shop, event);
      pass(shop, 60);
      const swept = await sweep(shop.ports, { services: ['recommender'] });
      if (everythingIn(shop, [answerOf(run), swept]).includes(CANARY)) leaks.push(nth);
    }

    expect(leaks).toEqual([]);
    expect(nth).toBeGreaterThan(40);
  });
});

describe('F55, I9: what a function logs and throws', () => {
  const context = { getRemainingTimeInMillis: () => 20_000 };
  const logged: string[] = [];
  beforeEach(() => {
    logged.length = 0;
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((chunk) => logged.push(String(chunk)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const call = (work: () => Promise<object>) => handlerOf(work)({}, context as never);

  it('has no secret in its error, its stack and its line of log', async () => {
    const failed = call(() => Promise.reject(new OutsideTrouble(`Cannot read alias: ${ECHO}`)));

    await expect(failed).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/^Cannot read alias: refused: password=\[redacted\]/),
      stack: expect.not.stringContaining(CANARY),
    });
    expect(logged.join('')).toMatch(
      /"message":"failed".*"text":"Cannot read alias: refused: password=\[redacted\]/,
    );
    expect(logged.join('')).not.toContain(CANARY);
  });

  it('is cut after it was redacted: no half of a secret is left', async () => {
    const failed = call(() => Promise.reject(new Error(`${'x '.repeat(243)}password=${CANARY}${CANARY}`)));

    await expect(failed).rejects.toThrow(/^(x ){243}password=\[reda\.\.\.$/);
  });

  it('logs what the sweeper could not do, without the secret', async () => {
    const shop = await aBrokenShop();
    echoing(shop, 'cloudwatch.DescribeAlarms');
    pass(shop, 120);

    await call(() => sweep(shop.ports, { services: ['recommender'] }));

    expect(logged.join('')).toMatch(
      /"problems":\["recommender: Cannot call cloudwatch.DescribeAlarms: refused: password=\[redacted\]/,
    );
    expect(logged.join('')).not.toContain(CANARY);
  });
});

describe('F55: an incident without a secret', () => {
  it('has nothing redacted: all it writes is left as it is', async () => {
    const artefacts = await artefactsOf(await aBrokenShop());

    expect(artefacts).toContain('recovered');
    expect(redacted(artefacts)).toBe(artefacts);
  });

  it('and nor has one that ends with people', async () => {
    const shop = await aBrokenShop();
    shop.measure['error-ratio'] = () => 0.3;
    const artefacts = await artefactsOf(shop);

    expect(artefacts).toMatch(/escalated|contained/);
    expect(redacted(artefacts)).toBe(artefacts);
  });
});
