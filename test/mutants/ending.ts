/** What is begun, how it ends, and who hears of it. */
import type { Mutant } from './mutants.ts';

export const ENDING: readonly Mutant[] = [
  {
    without: 'the look at red alarms that no event told of',
    tests: ['test/stages/red-alarms.test.ts'],
    edits: [
      {
        file: 'lib/stages/sweeper.ts',
        find: 'started += await attempt(service, () => findRedAlarms(ports, armed), 0);',
        replace: 'started += await attempt(service, async () => (await findRedAlarms(ports, armed)) * 0, 0);',
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
        find: "if (status !== 'aborted' && inTime && incident.takeovers === 0) {",
        replace: "if (status !== 'aborted' && inTime && incident.takeovers < 0) {",
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
        file: 'lib/stages/settled-receipt.ts',
        find: "settleStep.lastIndexOf('.')",
        replace: "settleStep.indexOf('.')",
      },
    ],
    // Settling is run, finds no step, and people are paged for it.
    bySeeds: false,
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
