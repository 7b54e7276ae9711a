/** A service with a git lever, whole or spoiled in one place. */
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { anEnvironment, ENVIRONMENT, problems, SERVICE } from './texts.ts';

const CLUSTERS = 'clusters: { shop: { eks: prod-eu } }\n';
export const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:git-AbCdEf';
export const LEVER = `  deploy:
    kind: git
    repository: https://git.example.com/shop/deploy.git
    branch: main
    paths: [churn, libs/churn.yaml]
    secret: "${SECRET}"
    application: { cluster: shop, name: churn }
`;
export const service = (from = '', to = '', lever = LEVER) => {
  if (!lever.includes(from)) throw new Error(`Cannot spoil "${from}": the lever has no such text`);
  return SERVICE.replace(/^runbook/m, `${lever.replace(from, () => to)}runbook`);
};
export const PLACE = 'environments/prod/services/shop.yaml';
export const text = ENVIRONMENT + CLUSTERS;
export const problemsWith = (shop: string) => problems(anEnvironment({ shop }, { text }));

const leversOf = (...sources: Parameters<typeof checkEnvironments>[0]) => {
  const read = checkEnvironments(sources);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.value.flatMap(({ services }) => services.flatMap(({ levers }) => levers));
};
export const gitOf = (...sources: Parameters<typeof checkEnvironments>[0]) =>
  leversOf(...sources).flatMap((lever) => (lever.kind === 'git' ? [lever] : []));
