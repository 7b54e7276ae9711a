/** Where each record lives in the table: one place for all keys. */
export const keys = {
  lease: (service: string) => ({ pk: `service#${service}`, sk: 'lease' }),
  hold: (service: string) => ({ pk: `service#${service}`, sk: 'hold' }),
  baseline: (service: string, id: string) => ({ pk: `service#${service}`, sk: `baseline#${id}` }),
  quarantine: (service: string, target: string, value: string) => ({
    pk: `service#${service}`,
    sk: `quarantine#${short(target)}#${short(value)}`,
  }),
  summary: (service: string, incident: string) => ({ pk: `service#${service}`, sk: `incident#${incident}` }),
  /** Incidents that are not closed: what the sweeper looks at. */
  open: (incident: string) => ({ pk: 'open', sk: incident }),
  /** Which incident holds an alarm's transition. */
  transition: (alarmArn: string, at: number) => ({ pk: `alarm#${alarmArn}`, sk: `at#${at}` }),
  /** Which incident an execution owns or owned. */
  execution: (arn: string) => ({ pk: `execution#${arn}`, sk: 'incident' }),
  /** The last page for an alarm that was refused, so that a storm of forgeries pages once. */
  paged: (about: string) => ({ pk: `paged#${about}`, sk: 'last' }),
  /** Executions that were refused before there was an incident. */
  refusal: (at: number, execution: string) => ({ pk: 'refused', sk: `${at}#${execution}` }),
  incident: (id: string) => ({ pk: `incident#${id}`, sk: 'incident' }),
  armed: (id: string) => ({ pk: `incident#${id}`, sk: 'armed' }),
  plan: (id: string) => ({ pk: `incident#${id}`, sk: 'plan' }),
  alarm: (id: string, arn: string) => ({ pk: `incident#${id}`, sk: `alarm#${arn}` }),
  attempt: (id: string, step: string) => ({ pk: `incident#${id}`, sk: `attempt#${step}` }),
  receipt: (id: string, step: string) => ({ pk: `incident#${id}`, sk: `receipt#${step}` }),
  verdict: (id: string, rung: number, at: number) => ({
    pk: `incident#${id}`,
    sk: `verdict#${String(rung).padStart(3, '0')}#${at}`,
  }),
  /** What verification saw last, while there is no verdict. */
  look: (id: string) => ({ pk: `incident#${id}`, sk: 'look' }),
  /** The message in a channel that stands for this incident. */
  thread: (id: string, channel: string) => ({ pk: `incident#${id}`, sk: `thread#${channel}` }),
  /** A test of the channels that a person asked for. */
  pageTest: (id: string) => ({ pk: PAGE_TESTS, sk: id }),
  /** Something that was said or noticed once: pages, remarks. */
  note: (id: string, what: string) => ({ pk: `incident#${id}`, sk: `note#${what}` }),
} as const;

/** The partition of tests that were asked for. */
export const PAGE_TESTS = 'page-test';

export const prefixes = {
  baseline: 'baseline#',
  quarantine: 'quarantine#',
  summary: 'incident#',
  alarm: 'alarm#',
  attempt: 'attempt#',
  receipt: 'receipt#',
  verdict: 'verdict#',
  note: 'note#',
} as const;

/** DynamoDB takes sort keys of 1,024 bytes; a flag's value may have 4,096, its parameter's name 1,011. */
const LONGEST_PART = 400;

/** The text itself, or where it is too long its beginning and a hash of all of it. */
function short(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= LONGEST_PART ? text : `${text.slice(0, LONGEST_PART / 8)}~${fnv1a(bytes)}`;
}

/** FNV-1a, 64 bits, in hex: tells values apart that people or pipelines write; it is no protection. */
function fnv1a(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
