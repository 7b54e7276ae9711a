import type { Acknowledged } from '../../core/desk.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Message } from '../../ports/notifier.ts';
import type { Bound } from './bound.ts';

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
