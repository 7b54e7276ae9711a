import Sequencer from '@jest/test-sequencer';

const WITHOUT_CLUSTER =
  /\/(ministack|ministack-services|contracts|contracts-mlflow|git|report|report-access|demo|docs\/local|spine\/[\w-]+)\.test\.ts$/;

/** Its first hook has an hour: time for the programs to be built. */
const FIRST_WITH_CLUSTER = /\/cluster\.test\.ts$/;

/** Argo CD and Gitea are built last. */
const WITH_GITOPS = /\/(argocd|argocd-syncs|gitea|gitops)\.test\.ts$/;

function rank({ path }) {
  if (WITHOUT_CLUSTER.test(path)) return 0;
  if (FIRST_WITH_CLUSTER.test(path)) return 1;
  return WITH_GITOPS.test(path) ? 3 : 2;
}

/** Suites without a cluster first: until they are done, its programs may be built beside them. */
export default class ClusterLast extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
}
