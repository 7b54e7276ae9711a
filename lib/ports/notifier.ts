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

/** Sends to every channel there is; never throws. */
export interface Notifier {
  send(message: Message): Promise<Delivery[]>;
}
