/** Who may act, and on what. */
import type { Mutant } from './mutants.ts';

export const ACTING: readonly Mutant[] = [
  {
    without: 'the fence check on table writes',
    tests: ['test/core/lease.test.ts', 'test/stages/fence.test.ts'],
    edits: [
      {
        file: 'lib/core/lease.ts',
        find: 'when: { fence: [fence] } },\n  ...writes',
        replace: 'when: { service: [service] } },\n  ...writes',
      },
    ],
  },
  {
    without: "a step's wait for the actUntil of an earlier attempt",
    tests: ['test/stages/apply-step-alone.test.ts', 'test/stages/fence.test.ts'],
    edits: [
      {
        file: 'lib/stages/apply-step.ts',
        find: 'if (!earlier || ports.clock.now() >= earlier.actUntil) return earlier;',
        replace: 'if (earlier || !earlier) return earlier;',
      },
    ],
  },
  {
    without: "a takeover's wait for every actUntil",
    tests: ['test/stages/take-over.test.ts', 'test/stages/lease-race.test.ts'],
    edits: [
      {
        file: 'lib/stages/take-over.ts',
        find: 'if (ports.clock.now() >= busyUntil) return;',
        replace: 'if (busyUntil >= 0) return;',
      },
    ],
  },
  {
    without: 'the margin after actUntil for whoever slept',
    tests: ['test/core/lease.test.ts', 'test/stages/apply-step-alone.test.ts'],
    edits: [
      {
        file: 'lib/core/lease.ts',
        find: 'now < until - MARGIN_SECONDS * 1000',
        replace: 'now <= until + MARGIN_SECONDS * 1e9',
      },
    ],
    bySeeds: false,
  },
  {
    without: 'the read-back after an act',
    tests: ['test/stages/apply-step.test.ts', 'test/stages/hidden-effect.test.ts'],
    edits: [
      {
        file: 'lib/stages/apply-step.ts',
        find: 'if (!standsAt(step, after)) {',
        replace: 'if (after.value === undefined) {',
      },
    ],
  },
  {
    without: 'the look before an act at what stands there',
    tests: ['test/core/step.test.ts', 'test/stages/apply-step.test.ts'],
    edits: [
      {
        file: 'lib/core/step.ts',
        find: 'stands !== step.to.value && !isAsPlanned(step, stands)) {',
        replace: 'stands !== step.to.value && stands === undefined) {',
      },
    ],
  },
  {
    without: 'the digest of the plan that was asked for',
    tests: ['test/stages/plan-digest.test.ts', 'test/simulation/scenarios/plan-digest.test.ts'],
    edits: [
      {
        file: 'lib/stages/plan-rollback.ts',
        find: 'asked !== undefined && !isAsked(now, asked)',
        replace: 'asked === null',
      },
    ],
  },
  {
    without: 'the dedupe of one transition of an alarm',
    tests: ['test/core/lease.test.ts', 'test/stages/open-incident.test.ts'],
    edits: [
      {
        file: 'lib/stages/take-lease.ts',
        find: 'transition(alarm.arn, alarm.at);\n  if (!held) return undefined;',
        replace: 'transition(alarm.arn, alarm.at);\n  if (held ?? !held) return undefined;',
      },
      {
        file: 'lib/core/lease.ts',
        find: "item: { incident: incident.id },\n      when: 'absent',",
        replace: 'item: { incident: incident.id },',
      },
      {
        file: 'lib/core/lease.ts',
        find: "item: { incident }, when: 'absent' }",
        replace: 'item: { incident } }',
      },
    ],
  },
];
