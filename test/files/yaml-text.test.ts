import { describe, expect, it } from '@jest/globals';
import { problemsOf, SERVICE, service } from './texts.ts';

describe('F53: a file that is no plain YAML is rejected with line and column', () => {
  const flag = '  flag: { kind: flag, parameter: /shop/flag, safe: "false", cache: 5 s }\n';

  it.each([
    [
      'a duplicate key',
      service([flag, flag + flag]),
      '6:3: Cannot read "flag": key stands here a second time; expected each key once',
    ],
    [
      'a tab',
      service(['  when', '\twhen']),
      '9:1: Cannot read "when: latency > 250 ms for 3 of 5": a tab indents this line; expected spaces',
    ],
    [
      'a second document',
      `${SERVICE}---\na: 1\n`,
      '12:1: Cannot read "---": a second document begins here; expected one document per file',
    ],
    [
      'a tag',
      service(['unit: ms', 'unit: !!str ms']),
      '2:100: Cannot read "ms": tag "tag:yaml.org,2002:str" is not used here; expected a plain value',
    ],
    [
      'an unknown tag',
      service(['unit: ms', 'unit: !js ms']),
      '2:98: Cannot read "ms": tag "!js" is not used here; expected a plain value',
    ],
    [
      'an alias of nothing',
      service(['unit: ms', 'unit: *u']),
      '2:94: Cannot read "*u": anchor "u" is not set before it; expected an alias of an anchor above',
    ],
    [
      'a key of braces',
      'a: {{ b }}\n',
      '1:5: Cannot read "a: {{ b }}": key is no plain text; expected a key such as latency; texts with braces go in quotes',
    ],
    [
      'a list that never ends',
      'a: [1\n',
      '2:1: Cannot read "a: [1": flow sequence in block collection must be sufficiently indented and end with a ]; expected YAML 1.2',
    ],
    [
      'a list',
      '- a\n',
      '1:1: Cannot read "- a": not a mapping; expected keys with values, such as "policy:"',
    ],
    [
      'a text',
      'policy\n',
      '1:1: Cannot read "policy": not a mapping; expected keys with values, such as "policy:"',
    ],
    [
      'nothing',
      '# nothing\n',
      '1:1: Cannot read "shop.yaml": file is empty; expected keys with values, such as "policy:"',
    ],
    [
      '64 KiB and more',
      `# ${'x'.repeat(64 * 1024)}\n`,
      '1:1: Cannot read "shop.yaml": file is larger than 64 KiB; expected one service or environment per file',
    ],
  ])('%s', (_, text, words) => {
    expect(problemsOf(text)).toEqual([`shop.yaml:${words}`]);
  });

  it('a directive for another YAML', () => {
    expect(problemsOf(`%YAML 1.1\n---\n${SERVICE}`)).toEqual([
      'shop.yaml:1:1: Cannot read "%YAML 1.1": a directive stands before the document; expected plain YAML 1.2',
    ]);
  });

  it('a YAML bomb, without being opened', () => {
    const layers = [...'bcdefghi'].map(
      (name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`)}]`,
    );

    expect(problemsOf(`a: &a [x]\n${layers.join('\n')}\n`)).toEqual([
      'shop.yaml:2:8: Cannot read "*a": aliases or nesting multiply to too much; expected values written out, or at most 50 repeated',
    ]);
  });

  it('a bottomless nest', () => {
    const [problem, ...more] = problemsOf('['.repeat(60_000));

    expect(problem).toMatch(
      /^shop\.yaml:1:\d+: Cannot read "\[+\.\.\.": nested too deeply; expected a handful of levels$/,
    );
    expect(more).toEqual([]);
  });

  it('keys that JavaScript has a meaning for', () => {
    expect(problemsOf(`${SERVICE}__proto__: { when: 1 }\nconstructor: 1\n`)).toEqual([
      'shop.yaml:12:1: Cannot read "__proto__": key is unknown; expected one of signals, levers, runbook, policy, version',
      'shop.yaml:13:1: Cannot read "constructor": key is unknown; expected one of signals, levers, runbook, policy, version',
    ]);
  });
});

describe('a YAML file', () => {
  it('may repeat a value through an alias', () => {
    const text = service(
      ['metric: { namespace: Shop, name: latency }', 'metric: &m { namespace: Shop, name: latency }'],
      ['metric: { namespace: Shop, name: errors }', 'metric: *m'],
    );

    expect(problemsOf(text)).toEqual([]);
  });

  it('may come from an editor that writes carriage returns', () => {
    expect(problemsOf(SERVICE.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it('goes on after a duplicate key, so that nothing else is hidden', () => {
    expect(problemsOf(service(['unit: ms', 'unit: ms, unit: kg']))).toEqual([
      'shop.yaml:2:94: Cannot read "ms": word is unknown; expected one of ms, s, min, %, count, ratio',
      'shop.yaml:2:98: Cannot read "unit": key stands here a second time; expected each key once',
    ]);
  });

  it('is quoted on one line, bounded, and without control characters', () => {
    const [problem = ''] = problemsOf(service(['unit: ms', `unit: "${'k'.repeat(200)}\\e[31m"`]));

    expect(problem).toContain(`Cannot read "${'k'.repeat(80)}...": word is unknown`);
  });
});
