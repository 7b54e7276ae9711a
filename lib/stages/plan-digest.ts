/** What a person agreed to, by its digest: the plan that runs is that one, or none. */
import { createHash } from 'node:crypto';
import { digestedText, planPhrase } from '../core/digest.ts';
import type { Plan, PlanResult } from '../core/plan.ts';
import { printable } from '../core/printable.ts';

/** 12 hex digits, for people to type. */
export const digestOf = (plan: Plan): string =>
  createHash('sha256').update(digestedText(plan)).digest('hex').slice(0, 12);

/** What is to be done instead of the plan that was asked for: `the plan is 0123456789ab now: flag "on" -> "off"`. */
export function planNow(result: PlanResult): string {
  if (result.outcome === 'refused') return printable(`there is no plan now: ${result.reasons.join('; ')}`);
  return printable(`the plan is ${digestOf(result.plan)} now: ${planPhrase(result.plan)}`);
}

/** Whether a result is the plan that was asked for; without a digest every one is. */
export const isAsked = (result: PlanResult, asked: string | undefined): boolean =>
  asked === undefined || (result.outcome === 'planned' && digestOf(result.plan) === asked);

/** The refusal of a plan that nobody asked for. */
export const notAsked = (result: PlanResult, asked: string): PlanResult => {
  const { differences, leftOut } = result.outcome === 'planned' ? result.plan : result;
  const reason = `plan ${asked} was asked for, and the world has changed since: ${planNow(result)}`;
  return { outcome: 'refused', reasons: [reason], differences, leftOut };
};
