/** A process of its own as a lever's function has, just initialised: nothing is connected or was ever run. One pull. */
import { once } from 'node:events';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../lib/adapters/clock.ts';
import { helmRunner } from '../../lib/adapters/levers/helm/run.ts';
import { helm } from '../../lib/adapters/levers/helm.ts';
import { rollout } from '../../lib/adapters/levers/rollout.ts';
import type { ArmedService } from '../../lib/core/service.ts';
import type { Acted, Order } from '../../lib/ports/lever.ts';
import { stubClient } from '../adapters/stub-client.ts';

/** What the process is told first; any second message makes it act. It answers with what acting told. */
export interface PullAsked {
  /** With one lever, and one cluster whose secret has `token`. */
  readonly armed: ArmedService;
  readonly token: string;
  /** The binary. */
  readonly helm: string;
  readonly to: string;
  readonly before: string;
}

const [asked] = (await once(process, 'message')) as [PullAsked];
process.send?.('ready');
await once(process, 'message');
process.send?.(await acted(asked));
process.disconnect?.();

async function acted({ armed, token, helm: path, to, before }: PullAsked): Promise<Acted> {
  const secrets = stubClient<SecretsManagerClient>({ SecretString: JSON.stringify({ token }) }).client;
  const deps = { clock: systemClock(), secrets };
  const order: Order = { to, incident: 'bench', fence: 1, before: { value: before } };
  const [lever] = armed.service.levers;
  switch (lever?.kind) {
    case 'rollout':
      return rollout(deps)(armed).act(lever, order);
    case 'helm':
      return helm({ ...deps, run: helmRunner({ path }) })(armed).act(lever, order);
    default:
      throw new Error(`cannot pull a lever of kind ${lever?.kind}`);
  }
}
