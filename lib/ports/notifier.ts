import type { Acknowledged } from '../core/desk.ts';
import type { CallEntry } from '../core/service.ts';

/** A page wakes somebody; a notification can wait for the morning. */
export interface Message {
  readonly urgency: 'page' | 'notification';
  readonly service: string;
  readonly incident?: string;
  readonly subject: string;
  readonly text: string;
  /** Who is called for this service, beside those of the environment. */
  readonly call: readonly CallEntry[];
  /** Nobody but `call`: the others know already. @default false */
  readonly onlyCall?: boolean;
  /** What becomes of the page that is open in a channel. @default - it stays as it is */
  readonly event?: 'acknowledged' | 'over';
  /** Goes to everybody, also to whoever is called late. @default false */
  readonly test?: boolean;
  /** Where to read on. @default - nowhere */
  readonly links?: readonly Link[];
}

/** An https address, and what it is called. */
export interface Link {
  readonly href: string;
  readonly text: string;
}

/** Where a message went, or that it did not: a channel that is down never stops a rollback. */
export interface Delivery {
  readonly channel: string;
  readonly to: string;
  readonly outcome: 'sent' | 'failed';
  readonly at: number;
  readonly id?: string;
  readonly problem?: string;
}

/**
 * Sends to every channel there is, to each on its own and within `CHANNEL_BUDGET_MS`; never throws. A channel that has
 * nothing to do for a message is not among the deliveries.
 */
export interface Notifier {
  send(message: Message): Promise<Delivery[]>;
  /** What a channel knows of it that can be asked; nothing where none can, or none answers. Never throws. */
  acknowledgement(
    of: Pick<Message, 'call'> & { readonly incident: string },
  ): Promise<Acknowledged | undefined>;
}

/** For all that is done in one channel for one message, its secret included: a page must not hold a rollback up (F48). */
export const CHANNEL_BUDGET_MS = 5000;
