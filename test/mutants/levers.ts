/** What the levers of Kubernetes and Git never do. */
import type { Mutant } from './mutants.ts';

export const LEVERS: readonly Mutant[] = [
  {
    without: 'the compare-and-set of an abort',
    tests: ['test/adapters/levers/rollout', 'test/contracts', 'test/adapters/memory'],
    edits: [
      {
        file: 'lib/adapters/levers/rollout/patches.ts',
        find: 'export const abortPatch = (found: Seen): Operation[] => [\n  ...testsOf(found),',
        replace: 'export const abortPatch = (_found: Seen): Operation[] => [',
      },
    ],
    bySeeds: false,
  },
  {
    without: 'the clearing of promoteFull in an abort',
    tests: ['test/adapters/levers/rollout'],
    edits: [
      {
        file: 'lib/adapters/levers/rollout/patches.ts',
        find: "{ op: 'add', path: '/status/promoteFull', value: false },",
        replace: '',
      },
    ],
    bySeeds: false,
  },
  {
    without: "a whole history of Helm's",
    tests: ['test/adapters/levers/helm'],
    edits: [
      {
        file: 'lib/adapters/levers/helm/rollback.ts',
        find: "...['--history-max', '0'],",
        replace: "...['--history-max', '2'],",
      },
    ],
    bySeeds: false,
  },
  {
    without: "the wait for somebody else's run of Helm",
    tests: ['test/stages/look-at-target.test.ts', 'test/adapters/levers/helm'],
    edits: [
      {
        file: 'lib/stages/look-at-target.ts',
        find: 'if (now >= busyUntil) return;',
        replace: 'if (busyUntil >= 0) return;',
      },
    ],
    bySeeds: false,
  },
  {
    without: 'the settling of an abort by the owner of its spec',
    tests: ['test/core/plan-clusters.test.ts', 'test/core/plan-git.test.ts'],
    edits: [
      {
        file: 'lib/core/settle.ts',
        find: "if (!owner) return [[{ ...lever, part: 'spec' }, step.to]];",
        replace: "if (owner) return [];\n  if (!owner) return [[{ ...lever, part: 'spec' }, step.to]];",
      },
    ],
  },
  {
    without: "the server's comparison before a push",
    tests: ['test/adapters/git', 'test/adapters/memory'],
    edits: [
      {
        file: 'lib/adapters/git/receive.ts',
        find: "if (refs.get(ref) !== push.from) return { kind: 'moved' };",
        replace: 'push = { ...push, from: refs.get(ref) };',
      },
    ],
    bySeeds: false,
  },
  {
    without: 'the look at whose change of the paths came in between',
    tests: ['test/adapters/git', 'test/adapters/memory', 'test/adapters/levers/git-sync.test.ts'],
    edits: [
      {
        file: 'lib/adapters/git/put-back.ts',
        find: "if (why) return { kind: 'conflict', head, why };",
        replace: '',
      },
    ],
    // The step itself looks before it acts; this is the look after that.
    bySeeds: false,
  },
  {
    without: 'the rule that a branch is done only when Git itself is good',
    tests: ['test/core/plan-git.test.ts', 'test/stages/git-incident.test.ts'],
    edits: [
      {
        file: 'lib/core/step.ts',
        find: "value === to.value && (lever.kind !== 'git' || spec === undefined || spec === to.value);",
        replace: 'value === to.value;',
      },
    ],
    bySeeds: false,
  },
];
