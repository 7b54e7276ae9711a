/** I3, I10: what may be put back. */
import type { Held, Quarantine } from '../../core/release.ts';
import { targetOf } from '../../core/service.ts';
import type { Past, Step } from '../witness.ts';
import { actOf } from './acting.ts';
import { itemsOf, NONE } from './past.ts';

const quarantined = (past: Past, service: string): Quarantine[] =>
  itemsOf<Quarantine>(past, `service#${service}`, 'quarantine#').filter((q) => q.state === 'quarantined');

/** The newest baseline of a service that holds nothing quarantined: what may be put back now. */
export function goodOf(past: Past, name: string): Readonly<Record<string, Held>> | undefined {
  const service = past.services.find(({ armed }) => armed.service.name === name);
  const barred = quarantined(past, name);
  return service?.baselines.find((release) =>
    Object.entries(release).every(
      ([t, { value }]) => !barred.some((q) => q.target === t && q.value === value),
    ),
  );
}

/** That baseline's value; a flag's declared safe value too. */
export function onlyBaseline(past: Past) {
  return (step: Step) => {
    const act = actOf(step);
    if (!act) return NONE;
    const service = past.services.find(({ armed }) => armed.service.name === act.service);
    const baseline = goodOf(past, act.service);
    return step.targets.flatMap(({ target, after }) => {
      const lever = service?.armed.service.levers.find((l) => targetOf(l) === target);
      if (!lever) return [];
      const good = [baseline?.[target]?.value, lever.kind === 'flag' ? lever.safe : undefined];
      return good.includes(after)
        ? []
        : [`${act.worker.id} puts ${after} to ${target}; good would be ${good}`];
    });
  };
}

export function staysQuarantined(past: Past) {
  return (step: Step) => {
    const act = actOf(step);
    const freed = step.table.flatMap(({ key, before, after }) =>
      step.by !== 'somebody' && before?.['state'] === 'quarantined' && after?.['state'] !== 'quarantined'
        ? [`${key.sk} was freed`]
        : [],
    );
    const put = step.targets.flatMap(({ target, after }) =>
      act && quarantined(past, act.service).some((q) => q.target === named(target) && q.value === after)
        ? [`${act.worker.id} puts quarantined ${after} to ${target}`]
        : [],
    );
    return [...freed, ...put];
  };
}

/** What is said of a Rollout's traffic is said of its template. */
const named = (target: string): string => target.replace(/^rollout-spec:/, 'rollout:');
