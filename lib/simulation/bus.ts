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
const DEAD_LETTER_MS = 5 * 60_000;
/** F01. */
const MOST_COPIES = 5;

export class Bus {
  readonly #props: BusProps;
  #events = 0;

  constructor(props: BusProps) {
    this.#props = props;
  }

  publish(change: AlarmChange): void {
    const { scheduler, chance } = this.#props;
    const event = `event#${++this.#events}`;
    if (chance.happens(`${event} lost`, this.#props.odds.lost)) {
      scheduler.after(DEAD_LETTER_MS, () => this.#props.deadLetter());
      return;
    }
    const many = chance.happens(`${event} duplicated`, this.#props.odds.duplicate);
    const copies = many ? chance.between(`${event} copies`, 2, MOST_COPIES) : 1;
    for (let copy = 1; copy <= copies; copy++) this.#deliver(`${event}.${copy}`, change);
  }

  #deliver(copy: string, change: AlarmChange): void {
    const { scheduler, chance, machine, odds } = this.#props;
    const late = chance.happens(`${copy} late`, odds.late) ? LATEST_MS : USUAL_MS;
    const ms = 200 + late * chance.number(`${copy} delay`);
    scheduler.after(ms, () => machine.start(copy.replace('#', '-').replace('.', '-'), this.eventOf(change)));
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
