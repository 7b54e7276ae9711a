import * as z from 'zod/mini';
import { AIMED_VALUE, type Aim, BASELINE_ID } from './aim.ts';
import { DIGEST } from './digest.ts';
import { isPrintable, LONGEST_TEXT, printable } from './printable.ts';

/** What starts an execution, parsed once at the door. Nothing in it is ever a command, URL or target. */
export type Trigger = AlarmTrigger | PersonTrigger | RedAlarmTrigger | TakeoverTrigger;

/** A CloudWatch alarm state change, as EventBridge delivers it. `at` is the transition, epoch ms. */
export interface AlarmTrigger {
  readonly kind: 'alarm';
  readonly alarmArn: string;
  readonly alarmName: string;
  readonly state: string;
  readonly reason: string;
  readonly at: number;
  readonly account: string;
  readonly region: string;
}

/** A person at the console or the command line. */
export interface PersonTrigger {
  readonly kind: 'person';
  readonly service: string;
  readonly dryRun: boolean;
  readonly reason?: string;
  /** @default - the newest baseline that is not quarantined */
  readonly to?: Aim;
  /** Digest of the only plan that may run. @default - whatever the plan is by then */
  readonly plan?: string;
}

/** The sweeper found an armed alarm in ALARM that no incident had. */
export interface RedAlarmTrigger {
  readonly kind: 'red-alarm';
  readonly service: string;
  readonly alarmArn: string;
  /** When it went into ALARM, epoch ms. */
  readonly at: number;
}

/** The sweeper asks a new execution to take an incident over from its receipts. */
export interface TakeoverTrigger {
  readonly kind: 'takeover';
  readonly incident: string;
}

/** Bytes of JSON above which an event is refused unread: a real alarm event is under 8 KiB. */
export const LARGEST_EVENT_BYTES = 64 * 1024;

/** Levers that a person may name a value for, at once. */
const LARGEST_AIM = 20;

/** The latest moment that four digits of a year can say, epoch ms: later ones are no dates to every reader. */
const LATEST_AT = 253_402_300_799_999;

const name = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/));
const region = z.string().check(z.regex(/^[a-z0-9-]{1,30}$/));
/** It becomes part of keys and pages: bounded in each part, and printable. */
const arn = z
  .string()
  .check(
    z.regex(/^arn:aws[a-z-]{0,20}:cloudwatch:[a-z0-9-]{1,30}:\d{12}:alarm:.{1,255}$/),
    z.refine(isPrintable),
  );
const at = z.int().check(z.positive(), z.lte(LATEST_AT));
/** ISO 8601 with its zone: `Date.parse` alone takes `1`, and times of nobody's zone. */
const timestamp = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/));
const incidentId = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}-\d{8}T\d{6}-[0-9a-f]{8}$/));

const alarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  account: z.string().check(z.regex(/^\d{12}$/)),
  region,
  resources: z.array(arn).check(z.minLength(1), z.maxLength(1)),
  detail: z.object({
    alarmName: z.string().check(z.minLength(1), z.maxLength(255)),
    state: z.object({
      value: z.string().check(z.regex(/^[A-Z_]{1,40}$/)),
      timestamp,
      reason: z.optional(z.string()),
    }),
  }),
});

const value = z.string().check(z.regex(AIMED_VALUE));
const aim = z.strictObject({
  baseline: z.optional(z.string().check(z.regex(BASELINE_ID))),
  values: z.optional(
    z.record(name, value).check(z.refine((values) => Object.keys(values).length <= LARGEST_AIM)),
  ),
});

const personInput = z.strictObject({
  service: name,
  reason: z.optional(z.string().check(z.maxLength(LONGEST_TEXT))),
  dryRun: z.optional(z.boolean()),
  to: z.optional(aim),
  plan: z.optional(z.string().check(z.regex(DIGEST))),
});
const redAlarmInput = z.strictObject({ service: name, alarm: arn, at });
const takeoverInput = z.strictObject({ incident: incidentId });

/** The trigger in an execution's input, or the sentence that says why there is none. Never throws. */
export function parseTrigger(input: unknown): Trigger | { readonly kind: 'malformed'; readonly why: string } {
  if (bytesOf(input) > LARGEST_EVENT_BYTES) {
    return malformed(`more than ${LARGEST_EVENT_BYTES} bytes; expected at most ${LARGEST_EVENT_BYTES}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return malformed('expected an alarm event or {"service": "..."}');
  }
  if (Object.hasOwn(input, 'incident')) return fromTakeover(input);
  if (Object.hasOwn(input, 'alarm')) return fromRedAlarm(input);
  if (Object.hasOwn(input, 'service')) return fromPerson(input);
  return fromAlarmEvent(input);
}

function fromTakeover(input: object) {
  const parsed = z.safeParse(takeoverInput, input);
  return parsed.success ? ({ kind: 'takeover', ...parsed.data } as const) : explain(parsed.error);
}

function fromRedAlarm(input: object) {
  const parsed = z.safeParse(redAlarmInput, input);
  if (!parsed.success) return explain(parsed.error);
  const { service, alarm, at } = parsed.data;
  return { kind: 'red-alarm', service, alarmArn: alarm, at } as const;
}

function fromPerson(input: object) {
  const parsed = z.safeParse(personInput, input);
  if (!parsed.success) return explain(parsed.error);
  const { service, reason, dryRun = false, to, plan } = parsed.data;
  return {
    kind: 'person',
    service,
    dryRun,
    ...(to && { to }),
    ...(plan !== undefined && { plan }),
    ...(reason !== undefined && { reason: printable(reason) }),
  } as const;
}

function fromAlarmEvent(input: object) {
  const parsed = z.safeParse(alarmEvent, input);
  if (!parsed.success) return explain(parsed.error);
  const { account, region, resources, detail } = parsed.data;
  const transition = z.safeParse(at, Date.parse(detail.state.timestamp));
  if (!transition.success) return malformed('detail.state.timestamp is no time');
  return {
    kind: 'alarm',
    alarmArn: resources[0] ?? '',
    alarmName: printable(detail.alarmName),
    state: detail.state.value,
    reason: printable(detail.state.reason ?? ''),
    at: transition.data,
    account,
    region,
  } as const;
}

const malformed = (why: string) => ({ kind: 'malformed', why }) as const;

function explain(error: z.core.$ZodError) {
  const [first] = error.issues;
  const where = first?.path.join('.') || 'the input';
  return malformed(
    `${printable(where)} is ${first?.code === 'unrecognized_keys' ? 'unknown' : 'not as expected'}`,
  );
}

/**
 * Bytes of the input as JSON, counted until they are too many. `JSON.stringify` would end the process on lists within
 * lists (5,000 are enough), and would read all of a megabyte first.
 */
function bytesOf(input: unknown): number {
  const left = [input];
  let bytes = 0;
  while (left.length > 0 && bytes <= LARGEST_EVENT_BYTES) {
    const value = left.pop();
    const children = typeof value === 'object' && value !== null ? Object.values(value) : [];
    bytes += ownBytes(value, children.length);
    if (bytes <= LARGEST_EVENT_BYTES) for (const child of children) left.push(child);
  }
  return bytes;
}

/** Without its children: brackets, commas and names. */
function ownBytes(value: unknown, children: number): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value !== 'object' || value === null) return String(value).length;
  const frame = 2 + Math.max(0, children - 1);
  const names = Array.isArray(value) || frame > LARGEST_EVENT_BYTES ? [] : Object.keys(value);
  return names.reduce((bytes, key) => bytes + textBytes(key) + 1, frame);
}

const utf8 = new TextEncoder();
/** One byte a character, and no escape in JSON. */
const ONE_BYTE_EACH = /^[ !#-[\]-~]*$/;

function textBytes(text: string): number {
  if (text.length > LARGEST_EVENT_BYTES) return text.length;
  return ONE_BYTE_EACH.test(text) ? text.length + 2 : utf8.encode(JSON.stringify(text)).length;
}
