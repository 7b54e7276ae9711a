import {
  type Fake,
  type Fields,
  LATER,
  LEVER,
  type Manifest,
  ORDER,
  REVERT,
  syncing,
} from './an-application.ts';

export const REFRESH = 'argocd.argoproj.io/refresh';
const asked = ({ metadata }: Manifest) => metadata.annotations?.[REFRESH];

/** Argo CD answers a refresh once it has looked, with this. */
export const looked = (now: Manifest, status: Fields): void => {
  if (!asked(now)) return;
  delete now.metadata.annotations?.[REFRESH];
  now.status = { ...now.status, ...status };
};
export const outOfSync = (revision: string) => ({ sync: { status: 'OutOfSync', revision } });

export function push(fake: Fake, { seconds = 60 } = {}) {
  const made = syncing(fake);
  const reached = [REVERT, LATER];
  const order = {
    ...ORDER,
    commit: REVERT,
    reaches: async (revision: string) => reached.includes(revision),
    until: seconds * 1000,
  };
  return { ...made, done: made.syncer.afterPush(LEVER, order) };
}

export const operations = (sent: readonly { body: unknown }[]) =>
  sent
    .map(({ body }) => body)
    .filter((body): body is { path: string; value: unknown }[] => Array.isArray(body));
