/** What docs/cli.md says of a command beside what the program knows: examples, and what its exit codes mean. */

export interface CliExample {
  readonly line: string;
  /** A test that runs it, and what stands there: `test/cli/plan.test.ts "plan recommender"`. */
  readonly runBy?: string;
}

export interface CliNote {
  readonly examples: readonly CliExample[];
  /** @default '0 done, 2 bad input, 3 not ready' */
  readonly exits?: string;
}

/** By the words of the command. One without a note shows its usage as its example. */
export const CLI_NOTES: Readonly<Record<string, CliNote>> = {
  rollback: {
    examples: [
      {
        line: 'npx reinstate rollback recommender --reason "scores are nulls" --env prod',
        runBy: 'test/cli/rollback.test.ts "rollback recommender --reason"',
      },
      {
        line: 'npx reinstate rollback recommender --plan <digest> --env prod',
        runBy: 'test/cli/rollback-plan.test.ts "rollback recommender --plan"',
      },
      {
        line: 'npx reinstate rollback recommender --dry-run --env prod',
        runBy: 'test/cli/rollback.test.ts "--dry-run"',
      },
    ],
    exits:
      '0 the incident recovered (or nothing was to be changed: a dry run), 1 it ended otherwise, 2 bad input, 3 not started: mode off or observe, no baseline, no deployment',
  },
  watch: {
    examples: [
      {
        line: 'npx reinstate watch recommender --env prod',
        runBy: 'test/cli/watch.test.ts "watch recommender"',
      },
    ],
    exits:
      '0 it has ended, whatever the ending; 2 bad input, 3 not ready, 130 watching was stopped by Ctrl-C',
  },
  cancel: {
    examples: [
      {
        line: 'npx reinstate cancel recommender --env prod',
        runBy: 'test/cli/cancel.test.ts "cancel recommender"',
      },
    ],
    exits: '0 stopped, 2 it had ended already, 3 nothing of it can be stopped now',
  },
  plan: {
    examples: [
      {
        line: 'npx reinstate plan recommender --env prod',
        runBy: 'test/cli/plan.test.ts "plan recommender"',
      },
      {
        line: 'npx reinstate plan recommender -o json --env prod',
        runBy: 'test/cli/plan.test.ts "plan recommender -o json"',
      },
    ],
    exits: '0 printed, also where the rollback would be refused; 2 bad input, 3 not ready',
  },
  incidents: {
    examples: [
      {
        line: 'npx reinstate incidents --open --service recommender --env prod',
        runBy: 'test/cli/incidents.test.ts "incidents --open --service recommender"',
      },
    ],
  },
  'incidents ack': {
    examples: [
      {
        line: 'npx reinstate incidents ack <incident> --by grace --env prod',
        runBy: 'test/cli/incidents.test.ts "incidents ack"',
      },
    ],
  },
  'incidents close': {
    examples: [
      {
        line: 'npx reinstate incidents close <incident> --reason "rolled forward" --env prod',
        runBy: 'test/cli/incidents.test.ts "incidents close"',
      },
    ],
  },
  report: {
    examples: [
      {
        line: 'npx reinstate report <incident> --open --env prod',
        runBy: 'test/cli/report.test.ts "--open"',
      },
      { line: 'npx reinstate report --index --env prod', runBy: 'test/cli/report.test.ts "report --index"' },
    ],
    exits: '0 written, 2 bad input, 3 there is no report yet',
  },
  mode: {
    examples: [
      { line: 'npx reinstate mode --env prod', runBy: 'test/cli/mode.test.ts "mode"' },
      { line: 'npx reinstate mode observe --env prod', runBy: 'test/cli/mode.test.ts "mode observe"' },
      {
        line: 'npx reinstate mode act --service recommender --env prod',
        runBy: 'test/cli/mode.test.ts "mode act --service recommender"',
      },
    ],
  },
  'hold list': {
    examples: [{ line: 'npx reinstate hold list --env prod', runBy: 'test/cli/doors.test.ts "hold list"' }],
  },
  'hold check': {
    examples: [
      {
        line: 'npx reinstate hold check recommender --env prod',
        runBy: 'test/cli/hold-check.test.ts "hold check recommender"',
      },
    ],
    exits: '0 promotion may go on, 2 bad input, 3 it is on hold, or nobody can tell',
  },
  'hold lift': {
    examples: [
      {
        line: 'npx reinstate hold lift recommender --reason "cause found" --env prod',
        runBy: 'test/cli/doors.test.ts "hold lift recommender --reason"',
      },
    ],
    exits: '0 lifted, 2 none stands, 3 an incident is at work',
  },
  'quarantine list': {
    examples: [
      {
        line: 'npx reinstate quarantine list recommender --env prod',
        runBy: 'test/cli/doors.test.ts "quarantine list recommender"',
      },
    ],
  },
  'quarantine lift': {
    examples: [
      {
        line: 'npx reinstate quarantine lift recommender champion 2 --reason "it was the feed" --env prod',
        runBy: 'test/cli/doors.test.ts "quarantine lift recommender champion 2 --reason"',
      },
    ],
    exits: '0 lifted, 1 the mark at the registry stays, 2 it is not quarantined, 3 an incident is at work',
  },
  'baseline record': {
    examples: [
      {
        line: 'npx reinstate baseline record recommender --env prod',
        runBy: 'test/cli/baseline.test.ts "baseline record recommender"',
      },
    ],
    exits:
      '0 recorded, 2 bad input, 3 refused: an alarm is red, an incident is at work, a target cannot be read',
  },
  'baseline list': {
    examples: [
      {
        line: 'npx reinstate baseline list recommender --env prod',
        runBy: 'test/cli/baseline.test.ts "baseline list recommender"',
      },
    ],
  },
  validate: {
    examples: [{ line: 'npx reinstate validate', runBy: 'test/cli/validate.test.ts "validate"' }],
    exits: '0 all files are right, 2 a line for each problem',
  },
  init: {
    examples: [
      { line: 'npx reinstate init --env prod', runBy: 'test/cli/init-estate.ts "init"' },
      {
        line: 'npx reinstate init churn --env prod',
        runBy: 'test/cli/init.test.ts "npx reinstate init churn --env prod"',
      },
    ],
    exits: '0 shown, or written; 2 bad input, 3 what stands there cannot be read',
  },
  'page test': {
    examples: [
      {
        line: 'npx reinstate page test recommender --env prod',
        runBy: 'test/cli/page.test.ts "page test recommender"',
      },
    ],
    exits: '0 every channel accepted it, 2 bad input, 3 one did not, or nobody sent it',
  },
  'cluster rbac': {
    examples: [
      { line: 'npx reinstate cluster rbac --env prod', runBy: 'test/cli/cluster.test.ts "cluster rbac"' },
    ],
    exits: '0 printed, 2 bad input',
  },
  simulate: {
    examples: [
      {
        line: 'npx reinstate simulate recommender --env prod',
        runBy: 'test/cli/simulate.test.ts "simulate recommender"',
      },
      {
        line: 'npx reinstate simulate recommender --seeds 1 --from 7 --trace --env prod',
        runBy: 'test/cli/simulate.test.ts "--trace"',
      },
    ],
    exits: '0 done, however the policy does; 1 a rule of Reinstate itself was broken; 2 bad input',
  },
};
