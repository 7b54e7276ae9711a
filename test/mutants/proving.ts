/** What is proven, kept and capped. */
import type { Mutant } from './mutants.ts';

export const PROVING: readonly Mutant[] = [
  {
    without: 'the freshness of datapoints',
    tests: ['test/core/verdict.test.ts'],
    edits: [
      {
        file: 'lib/core/verdict.ts',
        find: 'return Math.ceil((switchAt + signal.lagSeconds * 1000) / period) * period;',
        replace: 'return Math.ceil((switchAt + signal.lagSeconds * 1000) / period) * period - 20 * period;',
      },
    ],
  },
  {
    without: 'the mode',
    tests: ['test/stages/mode-lowered.test.ts'],
    edits: [
      {
        file: 'lib/stages/may-act.ts',
        find: "return mode === 'act' ? undefined",
        replace: "return mode === 'act' || mode ? undefined",
      },
    ],
  },
  {
    without: 'the quarantine when a baseline is chosen',
    tests: ['test/core/release.test.ts', 'test/stages/plan-rollback.test.ts'],
    edits: [
      {
        file: 'lib/core/release.ts',
        find: '.filter((baseline) => !Object.entries(baseline.release).some(barred))',
        replace: '.filter((baseline) => Object.entries(baseline.release).some((e) => barred(e) || true))',
      },
    ],
  },
  {
    without: 'the quarantine of what was removed',
    tests: ['test/stages/story.test.ts', 'test/stages/quarantine-removed.test.ts'],
    edits: [
      {
        file: 'lib/stages/quarantine-removed.ts',
        find: "if (cursor.ending !== 'recovered') return;",
        replace: "if (cursor.ending !== 'refused') return;",
      },
    ],
  },
  {
    without: 'the cascade cap',
    tests: ['test/core/incident.test.ts', 'test/stages/restraint.test.ts'],
    edits: [
      {
        file: 'lib/core/incident.ts',
        find: 'if (recent.length >= CASCADE_LIMIT) {',
        replace: 'if (recent.length >= CASCADE_LIMIT + 9) {',
      },
    ],
  },
  {
    without: 'the count of alarms when it closes',
    tests: ['test/core/lease-closing.test.ts', 'test/stages/attach.test.ts'],
    edits: [
      {
        file: 'lib/core/lease.ts',
        find: "when: { state: ['running'], alarms: [alarms] },",
        replace: "when: { state: ['running'], ...(alarms < 0 && { alarms: [alarms] }) },",
      },
    ],
    // An alarm has to join within one write: a written scenario does it, chance hardly ever.
    bySeeds: false,
  },
  {
    without: 'the settle steps',
    tests: ['test/core/resume.test.ts', 'test/stages/story.test.ts'],
    edits: [
      {
        file: 'lib/core/resume.ts',
        find: 'settle: settle.map(refOf)',
        replace: 'settle: settle.slice(settle.length).map(refOf)',
      },
    ],
  },
  {
    without: 'receipts that are only ever added',
    tests: [
      'test/stages/story.test.ts',
      'test/stages/apply-step-alone.test.ts',
      'test/stages/attempt-race.test.ts',
    ],
    edits: [
      {
        file: 'lib/stages/apply-step.ts',
        find: "item: { ...receipt }, when: 'absent' }]",
        replace: 'item: { ...receipt } }]',
      },
    ],
  },
];
