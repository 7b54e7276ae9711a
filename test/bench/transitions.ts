/** State transitions, which AWS bills: the synthesised state machine runs in-process and its states are counted. */
import { type Fake, oneByOne, run } from '../infra/helpers/machine.ts';
import type { Row } from './table.ts';

const opened = { incident: 'recommender-20261121T090403-0123abcd', service: 'recommender', fence: 1 };
const at = (next: string, rung = 0) => ({ ...opened, next, rung, steps: [], settle: [], waitSeconds: 1 });
const flag = { id: '1.1', lever: 'flag' };
const alias = (id: string) => ({ id, lever: 'alias' });
const first = { ...at('hold', 1), steps: [flag] };
const second = { ...at('apply', 2), steps: [alias('2.1')], settle: [alias('2.1.s1'), alias('2.1.s2')] };

/** The demo's incident: two rungs, four steps, two looks at the first rung and three at the second. */
const LOOKS = [at('wait', 1), second, at('wait', 2), at('wait', 2), at('close', 2)];
const BUDGET = 14 + 2 * 4 + 3 * LOOKS.length + 4;

export const transitionRows = async (): Promise<Row[]> => [
  row('two-rung incident: transitions', await count(incident()), BUDGET),
  row('attached duplicate: transitions', await count({ OpenIncident: () => at('done') }), 3),
];

const incident = (): Record<string, Fake> => ({
  OpenIncident: () => at('plan'),
  PlanRollback: () => first,
  HoldPromotion: () => ({ ...first, next: 'apply' }),
  ApplyFlag: () => ({ step: '1.1', outcome: 'applied' }),
  ApplyAlias: () => ({ step: '2.1', outcome: 'applied' }),
  SettleAlias: () => ({ step: '2.1.s1', outcome: 'applied' }),
  VerifyRecovery: oneByOne(...LOOKS),
  CloseIncident: () => at('done', 2),
});

const count = async (functions: Record<string, Fake>): Promise<number> =>
  (await run(functions)).entered.length;

const row = (name: string, entered: number, budget: number): Row => ({
  name,
  ours: String(entered),
  opponent: `${budget} allowed`,
  value: entered / budget,
  atMost: 1,
});
