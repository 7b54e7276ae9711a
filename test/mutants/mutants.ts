/** Promises broken on purpose, one at a time: the suite has to notice each. */

export interface Edit {
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** What the code no longer does. */
  readonly without: string;
  /** Where the promise is tested; `test/simulation` is asked too when nothing there fails. */
  readonly tests: readonly string[];
  readonly edits: readonly Edit[];
  /** Whether seeds of the simulator have to notice it too; some show only in what people read. @default true */
  readonly bySeeds?: boolean;
}

export const MUTANTS: readonly Mutant[] = [
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
    // The sweeper waits as well before it starts a takeover.
    bySeeds: false,
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
        find: 'if (after.value !== step.to.value) {',
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
        find: "if (step.phase === 'apply' && !standsThere && before.value !== step.from.value) {",
        replace: "if (step.phase === 'apply' && !standsThere && before.value === undefined) {",
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
  {
    without: 'the look at red alarms that no event told of',
    tests: ['test/stages/red-alarms.test.ts'],
    edits: [
      {
        file: 'lib/stages/sweeper.ts',
        find: 'started += await attempt(service, () => findRedAlarms(ports, service), 0);',
        replace:
          'started += await attempt(service, async () => (await findRedAlarms(ports, service)) * 0, 0);',
      },
      {
        file: 'lib/stages/red-alarms.ts',
        find: 'if (await isKnown(ports, alarm)) continue;',
        replace: 'if ((await isKnown(ports, alarm)) || alarm) continue;',
      },
    ],
  },
  {
    without: 'the takeover of an incident whose execution died',
    tests: ['test/stages/take-over.test.ts'],
    edits: [
      {
        file: 'lib/stages/tend-incident.ts',
        find: 'if (inTime && incident.takeovers === 0) {',
        replace: 'if (inTime && incident.takeovers < 0) {',
      },
    ],
    // Without it people are called instead: no rule is broken, only they are woken.
    bySeeds: false,
  },
  {
    without: 'the sweeper that tends incidents',
    tests: ['test/stages/sweeper.test.ts', 'test/stages/take-over.test.ts'],
    edits: [
      {
        file: 'lib/stages/sweeper.ts',
        find: 'await attempt(pointer.incident, () => tendIncident(ports, pointer), undefined);',
        replace: 'await attempt(pointer.incident, async () => undefined, undefined);',
      },
    ],
  },
  {
    without: 'the page of an ending that needs somebody',
    tests: ['test/core/incident.test.ts', 'test/stages/close-incident.test.ts'],
    edits: [
      {
        file: 'lib/core/incident.ts',
        find: "return ending === 'contained' || ending === 'escalated' || ending === 'cancelled';",
        replace: "return ending === 'observed';",
      },
    ],
  },
  {
    without: 'the end of a dry run at its plan',
    tests: ['test/stages/plan-rollback.test.ts', 'test/stages/attach.test.ts'],
    edits: [
      {
        file: 'lib/stages/plan-rollback.ts',
        find: "if (incident.dryRun || incident.mode === 'observe')",
        replace: "if (incident.mode === 'observe')",
      },
    ],
  },
  {
    without: 'the rule that only not-recovered climbs',
    tests: ['test/stages/verify-recovery.test.ts'],
    edits: [
      {
        file: 'lib/stages/verify-recovery.ts',
        find: "if (record.verdict === 'not-recovered' && inTime)",
        replace: "if (record.verdict !== 'recovered' && inTime)",
      },
    ],
  },
  {
    without: 'pre-approval',
    tests: ['test/stages/plan-rollback.test.ts'],
    edits: [
      {
        file: 'lib/core/plan.ts',
        find: 'if (!input.startedByPerson && !input.armed.service.runbook.preApproved.includes(lever.name)) {',
        replace: 'if (!input.startedByPerson && input.armed.service.runbook.preApproved.length < 0) {',
      },
    ],
  },
  {
    without: 'the last reading of the mode before an act',
    tests: ['test/stages/mode-lowered.test.ts', 'test/simulation/scenarios/kill-switch.test.ts'],
    edits: [
      {
        file: 'lib/stages/apply-step.ts',
        find: "if (lowered) return { outcome: 'withheld', before: seen.before, note: lowered };",
        replace: '',
      },
      {
        file: 'lib/stages/apply-step.ts',
        find: '  const lowered = await forbidden(attempt.ports.settings, attempt.armed);\n',
        replace: '',
      },
      {
        file: 'lib/stages/apply-step.ts',
        find: '  const loweredSince = await forbidden(attempt.ports.settings, attempt.armed);\n',
        replace: '  const loweredSince: string | undefined = undefined;\n',
      },
    ],
  },
  {
    without: 'settling of what took effect',
    tests: ['test/stages/story.test.ts'],
    edits: [
      {
        file: 'lib/stages/apply-step.ts',
        find: "step.id.slice(0, step.id.lastIndexOf('.'))",
        replace: "step.id.slice(0, step.id.indexOf('.'))",
      },
    ],
  },
  {
    without: 'redaction of what a function throws',
    tests: ['test/stages/secrets.test.ts'],
    edits: [
      {
        file: 'lib/core/redact.ts',
        find: 'export const redacted = (text: string): string =>',
        replace: 'export const redacted = (text: string): string => text.length >= 0 ? text :',
      },
    ],
  },
];
