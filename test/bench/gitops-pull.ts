/** A process of its own as apply-git's function has, just initialised: nothing is connected or was ever read. One pull. */
import { once } from 'node:events';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../lib/adapters/clock.ts';
import { type PullDeps, pull } from '../../lib/adapters/levers/git/pull.ts';
import { git } from '../../lib/adapters/levers/git.ts';
import type { ArmedService } from '../../lib/core/service.ts';
import type { Acted } from '../../lib/ports/lever.ts';
import { stubClient } from '../adapters/stub-client.ts';

/** What the process is told first; any second message makes it act. */
export interface GitPullAsked {
  /** With one lever of kind git. */
  readonly armed: ArmedService;
  /** Texts by ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly to: string;
  /** The branch's head: the bad commit. */
  readonly seen: string;
}

export interface GitPulled extends Acted {
  /** When the server had taken the push; epoch ms. Nothing where there was none. */
  readonly pushed?: number;
}

const [asked] = (await once(process, 'message')) as [GitPullAsked];
process.send?.('ready');
await once(process, 'message');
process.send?.(await pulled(asked));
process.disconnect?.();

async function pulled({ armed, secrets: texts, to, seen }: GitPullAsked): Promise<GitPulled> {
  const [lever] = armed.service.levers;
  if (lever?.kind !== 'git') throw new Error(`cannot pull a lever of kind ${lever?.kind}`);
  const secretOf = ({ SecretId }: Record<string, unknown>) => ({ SecretString: texts[String(SecretId)] });
  const secrets = stubClient<SecretsManagerClient>(secretOf).client;
  let pushed: number | undefined;
  const tell = () => {
    pushed = Date.now();
  };
  const telling: typeof pull = (deps, ...rest) => pull(tellingOf(deps, tell), ...rest);
  const order = { to, incident: 'bench', fence: 1, before: { value: seen, revision: seen } };
  const acted = await git({ clock: systemClock(), secrets, pull: telling })(armed).act(lever, order);
  return { ...acted, ...(pushed !== undefined && { pushed }) };
}

/** The same, and it tells when a push has ended. */
function tellingOf({ place, ...rest }: PullDeps, tell: () => void): PullDeps {
  const telling: PullDeps['place'] = async (lever) => {
    const found = await place(lever);
    const push: typeof found.remote.push = async (what) => {
      const end = await found.remote.push(what);
      tell();
      return end;
    };
    return { ...found, remote: { ...found.remote, push } };
  };
  return { ...rest, place: telling };
}
