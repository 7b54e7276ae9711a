import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { service, serviceOf } from './texts.ts';

const gap = fc.constantFrom('', ' ', '  ');
const threshold = fc.constantFrom('250 ms', '0.25 s', '3 min', '250ms', '-1 ms');
const count = fc.integer({ min: 1, max: 50 });
const some = fc.tuple(count, count).map(([m, more]) => `${m} of ${m + more}`);
const span = fc.oneof(
  some,
  count.map(String),
  count.map((n) => `${n * 10} s`),
  count.map((n) => `${n} min`),
);
const condition = fc.record({ is: fc.constantFrom('>', '>=', '<', '<='), threshold, for: span });

const pull = fc.constantFrom(
  { lever: 'flag', verb: 'off' },
  { lever: 'flag', verb: 'back' },
  { lever: 'champion', verb: 'back' },
);
const rung = fc.uniqueArray(pull, { minLength: 1, maxLength: 2, selector: (p) => p.lever });
const rungs = fc.array(rung, { minLength: 1, maxLength: 4 });

const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
// First of the two: a condition that is written like it would be replaced in its place.
const OTHER = ['latency < 250 ms for 6', 'errors < 0.05 for 6'] as const;
const when = (text: string) => serviceOf(service(OTHER, ['latency > 250 ms for 3 of 5', text])).policy.when;
const ladder = (text: string) => serviceOf(service(['flag off, then champion back', text])).policy.do;

describe('short lines and structured forms', () => {
  it('are the same condition', () => {
    fc.assert(
      fc.property(condition, gap, (c, space) => {
        const short = `latency${space}${c.is}${space}${c.threshold} for ${c.for}`;

        expect(when(flow({ signal: 'latency', ...c }))).toEqual(when(short));
        expect(when(flow([{ signal: 'latency', ...c }]))).toEqual(when(flow([short])));
      }),
      { numRuns: 60, examples: [[{ is: '<', threshold: '250 ms', for: '6 of 7' }, ' ']] },
    );
  });

  it('are the same condition where YAML makes numbers of them', () => {
    expect(when('{ signal: errors, is: ">", threshold: 0.7, for: 6 }')).toEqual(when('errors > 0.7 for 6'));
  });

  it('are the same ladder', () => {
    fc.assert(
      fc.property(rungs, fc.constantFrom(', then ', ' then '), (list, then) => {
        const lines = list.map((pulls) => pulls.map((p) => `${p.lever} ${p.verb}`).join(' and '));

        expect(ladder(flow(list))).toEqual(list);
        expect(ladder(lines.join(then))).toEqual(list);
        expect(ladder(flow(lines))).toEqual(list);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same place where a value is served', () => {
    const url = 'https://shop.example.com/version';
    const structured = service([`"${url} version"`, `{ url: "${url}", path: version }`]);

    expect(serviceOf(structured)).toEqual(serviceOf(service()));
  });
});
