import type { Rung } from '../core/plan.ts';
import { type PlannedStep, type Receipt, say, tookEffect } from '../core/step.ts';
import { sharesText } from '../core/traffic.ts';
import type { VerdictRecord } from '../core/verdict.ts';
import { clock } from '../report/format.ts';
import { type IncidentView, isOver } from './incident-view.ts';
import { countOf, verifying } from './progress.ts';
import { type NodeState, type TreeNode, took } from './tree-node.ts';
import { workloadNodes } from './tree-workload.ts';

/** The ladder as it was planned, each rung with its steps, its settle steps and its verdict. */
export function ladderNodes(view: IncidentView, now: number): TreeNode[] {
  if (view.plan?.outcome !== 'planned') return [];
  return view.plan.plan.rungs.flatMap((rung, index) => rungNodes(view, { rung, nth: index + 1, now }));
}

interface OfRung {
  readonly rung: Rung;
  readonly nth: number;
  readonly now: number;
}

function rungNodes(view: IncidentView, of: OfRung): TreeNode[] {
  const all = [...of.rung.steps, ...of.rung.settle];
  const steps = all.flatMap((step) => [stepNode(view, step, of.nth), ...workloadNodes(view, step, of)]);
  const children = [...steps, ...verdictNodes(view, of)];
  const base = { key: `rung:${of.nth}`, depth: 0, heads: true, facts: { rung: of.nth } } as const;
  const head: TreeNode = { ...base, ...rungHead(view, of, children) };
  return [head, ...children];
}

/** Its own line says only what its children do not. */
function rungHead(view: IncidentView, { nth }: OfRung, children: readonly TreeNode[]) {
  const begun = children.some((child) => child.state !== 'waiting');
  const judged = view.verdicts.findLast((v) => v.rung === nth);
  const text = `rung ${nth}`;
  if (judged) {
    return { state: judged.verdict === 'recovered' ? 'done' : 'bad', text, at: judged.judgedAt } as const;
  }
  if (begun) return { state: isOver(view.incident) ? 'bad' : 'doing', text } as const;
  return { state: 'waiting', text: `rung ${nth}${whyNotBegun(view)}` } as const;
}

function whyNotBegun({ incident }: IncidentView): string {
  if (!isOver(incident)) return '';
  if (incident.ending === 'recovered') return ' (not needed)';
  return incident.ending === 'observed' ? ' (not pulled: nothing is changed)' : ' (not begun)';
}

function stepNode(view: IncidentView, step: PlannedStep, nth: number): TreeNode {
  const receipt = view.receipts.find((r) => r.step === step.id);
  const begun = view.attempts.some((a) => a.step === step.id);
  return {
    key: `${step.phase}:${step.id}`,
    depth: 1,
    state: receipt ? stateOf(receipt) : begun && !isOver(view.incident) ? 'doing' : 'waiting',
    text: `${whatOf(step)}${receipt ? `: ${resultOf(receipt)}` : ''}`,
    within: `rung ${nth}`,
    facts: stepFacts(step, { nth, receipt }),
    ...(receipt && { at: receipt.endedAt }),
  };
}

const stepFacts = (
  { id, phase, lever, target, from, to }: PlannedStep,
  { nth, receipt }: { readonly nth: number; readonly receipt: Receipt | undefined },
) => ({
  rung: nth,
  step: id,
  phase,
  lever: lever.name,
  target,
  from: from.value ?? null,
  to: to.value ?? null,
  outcome: receipt?.outcome ?? null,
});

function stateOf(receipt: Receipt): NodeState {
  if (tookEffect(receipt)) return 'done';
  return receipt.outcome === 'not-begun' ? 'note' : 'bad';
}

/** `new-features "true" -> "false"`; a settle step names its target, which has no lever of its own. */
const whatOf = ({ phase, lever, target, from, to }: PlannedStep): string =>
  phase === 'apply'
    ? `${lever.name} ${say(from.value)} -> ${say(to.value)}`
    : `settle ${target} -> ${say(to.value)}`;

function resultOf({ outcome, startedAt, endedAt, note }: Receipt): string {
  const time = outcome === 'applied' ? ` in ${took(startedAt, endedAt)}` : '';
  return `${outcome}${time}${note ? ` (${note})` : ''}`;
}

function verdictNodes(view: IncidentView, { nth, now }: OfRung): TreeNode[] {
  const verdict = view.verdicts.findLast((v) => v.rung === nth);
  const base = {
    key: `verdict:${nth}`,
    depth: 1,
    within: `rung ${nth}`,
    facts: { rung: nth, verdict: verdict?.verdict ?? 'pending' },
  } as const;
  if (verdict) {
    const state = verdict.verdict === 'recovered' ? 'done' : 'bad';
    return [{ ...base, state, text: verdictText(verdict), at: verdict.judgedAt }];
  }
  const open = verifying(view);
  return open?.rung === nth
    ? [{ ...base, state: 'doing', text: progressText(view, open.switchAt, now) }]
    : [];
}

function verdictText({ verdict, signals, served, reasons }: VerdictRecord): string {
  const shares = served.flatMap((s) => (s.shares ? [sharesText(s.shares)] : []));
  const said = [...signals.map(countOf), ...shares, ...reasons];
  return `verified: ${verdict}${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}

function progressText({ progress }: IncidentView, switchAt: number, now: number): string {
  if (now < switchAt) return `readers may keep the old value until ${clock(switchAt)} UTC`;
  return progress ? `verifying: ${progress.map(countOf).join(', ')}` : 'verifying: no datapoint yet';
}
