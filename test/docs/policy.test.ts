import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Condition, type Service, signalNamed } from '../../lib/core/service.ts';
import { problemsOf, serviceOf } from '../files/texts.ts';

const PAGE = readFileSync('docs/policy.md', 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );
const [PARTS = '', ...EXAMPLES] = blocks('yaml');
const SAYINGS = blocks('text');

const withPolicy = (policy: string): string =>
  `${PARTS}runbook: { call: [{ kind: email, to: oncall@example.com }] }\npolicy:\n${policy.replace(/^/gm, '  ').trimEnd()}\n`;

describe('docs/policy.md', () => {
  it('has ten examples, each with what it does', () => {
    expect([EXAMPLES.length, SAYINGS.length]).toEqual([10, 10]);
  });

  it.each(EXAMPLES.map((text, i) => [i + 1, text, SAYINGS[i]] as const))(
    'says of example %d what it does',
    (_, text, said) => {
      expect(`${sentences(serviceOf(withPolicy(text))).join('\n')}\n`).toBe(said);
    },
  );

  const rows = [...PAGE.matchAll(/^\| `(latens?[^`]+)` \| (.+) \|$/gm)].map(
    ([, text, words]) => [text, words] as const,
  );
  it('has a table of what cannot be read', () => {
    expect(rows.length).toBeGreaterThanOrEqual(8);
  });

  it.each(rows)('says what `when: %s` is answered', (text, words) => {
    const policy = `when: ${text}\ndo: champion back\nverify: latency < 250 ms for 6`;

    expect(problemsOf(withPolicy(policy))).toEqual([expect.stringMatching(/^shop\.yaml:\d+:\d+: /)]);
    expect(problemsOf(withPolicy(policy))[0]).toContain(`Cannot read "${text}": ${words}`);
  });
});

/** What a policy does, in words that come from what was read and not from what was written. */
function sentences(service: Service): string[] {
  const { when, do: ladder, verify } = service.policy;
  const rungs = ladder.map(
    (rung, i) => `rung ${i + 1} ${rung.map(({ lever, verb }) => `${lever} ${verb}`).join(' and ')}`,
  );
  return [
    `an incident when ${when.map((c) => words(service, c)).join(', or ')}`,
    rungs.join('; '),
    `recovered when ${verify.map((c) => words(service, c)).join(', and ')}`,
  ];
}

function words(service: Service, { signal, is, threshold, relative, datapoints, of }: Condition): string {
  const { unit, periodSeconds } = signalNamed(service, signal);
  const fixed = unit === 'ratio' ? threshold : `${threshold} ${unit}`;
  const against = relative ? `${100 + relative.percent} % of the baseline` : fixed;
  return `${signal} ${is} ${against} in ${datapoints} of ${of} periods of ${periodSeconds} s`;
}
