/** EventBridge: at least once, in no order, and sometimes late. */
import type { AlarmReading } from '../core/verdict.ts';
import type { Chance } from './chance.ts';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';

export interface BusProps {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly machine: Machine;
  readonly account: string;
  readonly region: string;
  readonly odds: BusOdds;
  /** Whether Step Functions refuses to start anything now. */
  isThrottled(): boolean;
  /** An event that could not be delivered within 5 minutes is in the dead letter queue, whose alarm calls people. */
  deadLetter(): void;
}

/** How often an event is not delivered once and soon, each from 0 to 1. */
export interface BusOdds {
  readonly duplicate: number;
  readonly late: number;
  readonly lost: number;
}

/** An event of an alarm that changed its state. */
export interface AlarmChange extends Pick<AlarmReading, 'arn' | 'state' | 'since'> {
  readonly reason?: string;
}

const USUAL_MS = 1500;
/** Beyond the 10 minutes after which an event is stale (F05). */
const LATEST_MS = 12 * 60_000;
/** The rule's `maximumEventAgeInSeconds` (lib/infra/delivery-rule.ts; a test of the template holds it). */
const DEAD_LETTER_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 60_000;
/** F01. */
const MOST_COPIES = 5;

export class Bus {
  /** What is written down for an event: the ms after which each copy arrives; none: it is never delivered. */
  script: (change: AlarmChange) => readonly number[] | undefined = () => undefined;
  readonly #props: BusProps;
  #events = 0;

  constructor(props: BusProps) {
    this.#props = props;
  }

  publish(change: AlarmChange): void {
    const { scheduler } = this.#props;
    const event = `event#${++this.#events}`;
    const delays = this.script(change) ?? this.#delaysOf(event);
    if (delays.length === 0) scheduler.after(DEAD_LETTER_MS, () => this.#props.deadLetter());
    for (const [nth, ms] of delays.entries())
      scheduler.after(ms, () =>
        this.#deliver(`${event}.${nth + 1}`, change, { since: scheduler.clock.now(), attempt: 1 }),
      );
  }

  #delaysOf(event: string): number[] {
    const { chance, odds } = this.#props;
    if (chance.happens(`${event} lost`, odds.lost)) return [];
    const many = chance.happens(`${event} duplicated`, odds.duplicate);
    const copies = many ? chance.between(`${event} copies`, 2, MOST_COPIES) : 1;
    return Array.from({ length: copies }, (_, n) => this.#delayOf(`${event}.${n + 1}`));
  }

  #delayOf(copy: string): number {
    const { chance, odds } = this.#props;
    const late = chance.happens(`${copy} late`, odds.late) ? LATEST_MS : USUAL_MS;
    return 200 + late * chance.number(`${copy} delay`);
  }

  /** A target that is throttled is tried again, ever more seldom, until the event is too old (F08). */
  #deliver(copy: string, change: AlarmChange, tried: { since: number; attempt: number }): void {
    const { scheduler, chance, machine, isThrottled, deadLetter } = this.#props;
    if (!isThrottled()) {
      machine.start(copy.replace('#', '-').replace('.', '-'), this.eventOf(change));
      return;
    }
    const { since, attempt } = tried;
    const ms =
      Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt) * (0.5 + chance.number(`${copy} wait ${attempt}`));
    if (scheduler.clock.now() + ms > since + DEAD_LETTER_MS) deadLetter();
    else scheduler.after(ms, () => this.#deliver(copy, change, { since, attempt: attempt + 1 }));
  }

  /** In the shape of CloudWatch's events (AWS docs, "Alarm events and EventBridge"). */
  eventOf({ arn, state, since, reason = 'Threshold Crossed' }: AlarmChange): object {
    const timestamp = new Date(since).toISOString().replace('Z', '+0000');
    return {
      version: '0',
      id: '00000000-0000-4000-8000-000000000000',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: this.#props.account,
      region: this.#props.region,
      time: new Date(since).toISOString(),
      resources: [arn],
      detail: { alarmName: arn.split(':alarm:')[1] ?? '', state: { value: state, reason, timestamp } },
    };
  }
}
