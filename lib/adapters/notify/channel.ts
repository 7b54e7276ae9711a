import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Acknowledged } from '../../core/desk.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Message } from '../../ports/notifier.ts';
import type { Bound } from './bound.ts';

/** What every channel to a vendor takes. */
export interface ChannelDeps {
  readonly secrets: Pick<SecretsManagerClient, 'send'>;
  readonly clock: Clock;
  /** Whether the vendor may be a twin on this machine, without TLS. */
  readonly insecureLocal: boolean;
}

/** One kind of channel. */
export interface Channel {
  /**
   * @returns the vendor's id of what was sent; nothing when there was nothing to say here.
   * @throws OutsideTrouble, OutsideRefusal
   */
  say(entry: CallEntry, message: Message, bound: Bound): Promise<{ readonly id?: string } | undefined>;
  /** @default - nobody can be asked */
  acknowledgement?(entry: CallEntry, incident: string, bound: Bound): Promise<Acknowledged | undefined>;
}
