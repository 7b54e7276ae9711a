import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { aFlagFound, anAlarm, aSurvey, aWorkload, commentsOf, proposed } from './an-estate.ts';

const HOSTILE = [
  'churn\nlevers: { evil: 1 }',
  'churn\r\npolicy: x',
  'churn\rpolicy: x',
  'churn\u2028policy: x',
  'churn\u0085policy: x',
  'churn: # comment',
  'churn\'"`{}[]&*!|>%@',
  '\u202echurn\u2066 nruhc',
  'churn <script>alert(1)</script>',
  'churn \u0000\u001b[2J',
  `churn ${'x'.repeat(10_000)}`,
  '- churn',
  ['$', '{mlflow} churn'].join(''),
  '!!js/function churn',
  '\ud800churn',
].map((name) => [name.slice(0, 40), name] as const);

/** The same name wherever an estate has names. */
const estateOf = (name: string) =>
  aSurvey({
    alarms: [
      anAlarm({ name, arn: `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}` }),
      anAlarm({ name: 'churn-a', metric: { namespace: name, name, dimensions: { [name]: name } } }),
      anAlarm({ name: 'churn-b', statistic: name, unit: name }),
      { kind: 'other', name, why: name },
    ],
    parameters: [
      { ...aFlagFound, name },
      { ...aFlagFound, off: name },
      { kind: 'text', name },
    ],
    models: [
      { name, aliases: { [name]: name } },
      { name: 'churn', aliases: { [name]: name, champion: name } },
    ],
    workloads: [
      aWorkload({ name, namespace: name, labels: ['churn'] }),
      aWorkload({ owner: { kind: 'argocd', application: name, namespace: name } }),
      aWorkload({ name: 'churn-b', owner: { kind: 'flux', resource: name } }),
      aWorkload({ name: 'churn-c', owner: { kind: 'helm', release: name, namespace: name }, release: name }),
    ],
    releases: [{ cluster: 'main', namespace: name, name: 'churn', status: name }],
    applications: [
      {
        cluster: 'main',
        namespace: 'argocd',
        name: 'churn',
        source: { repository: name, revision: name, path: name },
        why: undefined,
        auto: true,
        selfHeal: true,
      },
      { cluster: 'main', namespace: name, name: 'churn-b', why: name, auto: true, selfHeal: true },
    ],
    unread: [name],
  });

describe('F38: names of an estate', () => {
  it.each(HOSTILE)('never become more than names: %j', (_, name) => {
    const { text, problems } = proposed(estateOf(name));

    expect(problems).toEqual([]);
    const { contents, errors, comment } = parseDocument(text);
    expect(errors).toEqual([]);
    expect(Object.keys((contents as { toJSON(): object }).toJSON())).toEqual([
      'signals',
      'levers',
      'runbook',
      'policy',
    ]);
    expect(comment).toBeFalsy();
  });

  it.each(HOSTILE)('end no comment and turn no line round: %j', (_, name) => {
    const { text } = proposed(estateOf(name));
    const comments = text.split('\n').filter((line) => line.trim().startsWith('#'));

    for (const line of comments) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(line.length).toBeLessThan(800);
    }
  });

  it('of any letters pass validation, or are left out', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const letters = [
      'a',
      'Z',
      '7',
      '-',
      '_',
      '.',
      '/',
      ':',
      ' ',
      '#',
      '\n',
      '\t',
      '"',
      "'",
      '{',
      ']',
      '%',
      'é',
      '\u202e',
    ];
    for (let n = 0; n < 60; n += 1) {
      const some = Array.from(
        { length: 1 + random() * 60 },
        () => letters[Math.floor(random() * letters.length)],
      );
      const name = `${random() < 0.5 ? 'churn-' : ''}${some.join('')}`;
      const { problems } = proposed(estateOf(name));
      expect([name, problems]).toEqual([name, []]);
    }
  });
});

describe('F59: what is too much to arm', () => {
  it('loses its last parts, with the reason, until it fits', () => {
    const long = (n: number) => `/shop/churn/${String(n).repeat(850)}-flag`;
    const { service, text, problems } = proposed({
      alarms: [1, 2, 3, 4, 5, 6].map((n) => anAlarm({ name: `churn-${n}-${'x'.repeat(220)}` })),
      parameters: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ ...aFlagFound, name: long(n) })),
    });

    expect(problems).toEqual([]);
    expect(service.levers.length).toBeGreaterThan(2);
    expect(service.levers.length + service.signals.length).toBeLessThan(14);
    expect(commentsOf(text)).toMatch(/left out: (lever|signal) ".*": service takes \d+ bytes to arm/);
  });
});
