import { describe, expect, it } from '@jest/globals';
import { readUrl, sameUrl } from '../../lib/files/urls.ts';

const prod = { insecureLocal: false };
const local = { insecureLocal: true };

const placeholder = (name: string): string => `\${${name}}`;
const MODEL = `${placeholder('model')}/version`;

describe('a URL of a lever', () => {
  it.each(['https://shop.example.com', 'https://shop.example.com:8443/a/b?c=d', 'https://10.0.0.7/version'])(
    'may be %s',
    (url) => {
      expect(readUrl(url, prod)).toBe(url);
    },
  );

  it.each([
    ['http://shop.example.com', 'URL is not encrypted'],
    ['ftp://shop.example.com', 'not a URL'],
    ['shop.example.com', 'not a URL'],
    ['https:shop.example.com', 'not a URL'],
    ['https:///version', 'not a URL'],
    ['https://shop.example.com\\@evil.example.com', 'not a URL'],
    ['https://shop example.com', 'not a URL'],
    ['https://me@shop.example.com', 'a user or password stands in the URL'],
    ['https://localhost/version', 'host "localhost" is loopback or link-local'],
    ['https://127.1/version', 'host "127.0.0.1" is loopback or link-local'],
    ['https://2130706433/version', 'host "127.0.0.1" is loopback or link-local'],
    ['https://0177.0.0.1/version', 'host "127.0.0.1" is loopback or link-local'],
    ['https://0251.0376.0251.0376/', 'host "169.254.169.254" is loopback or link-local'],
    ['https://0xa9fea9fe/', 'host "169.254.169.254" is loopback or link-local'],
    ['https://[fd00:ec2::254]/', 'host "[fd00:ec2::254]" is loopback or link-local'],
    ['https://[::1]/version', 'host "[::1]" is loopback or link-local'],
    ['https://[::ffff:127.0.0.1]/version', 'host "[::ffff:7f00:1]" is loopback or link-local'],
    ['https://169.254.169.254/latest/meta-data', 'host "169.254.169.254" is loopback or link-local'],
    [MODEL, `placeholder "${placeholder('model')}" has no value`],
  ])('F26: may not be %s', (url, words) => {
    expect(readUrl(url, prod)).toMatchObject({ wrong: words });
  });

  it('may be plain and on loopback where the environment is insecure-local', () => {
    expect(readUrl('http://127.0.0.1:8080/version', local)).toBe('http://127.0.0.1:8080/version');
  });

  it('may not carry a password even there', () => {
    expect(readUrl('http://me:secret@127.0.0.1', local)).toMatchObject({
      wrong: 'a user or password stands in the URL',
    });
  });
});

describe('a placeholder', () => {
  const replacements = { model: 'http://127.0.0.1:8000', mlflow: 'http://127.0.0.1:5000' };

  it('is replaced', () => {
    expect(readUrl(MODEL, { ...local, replacements })).toBe('http://127.0.0.1:8000/version');
  });

  it('is left standing when nothing is known, as "validate" does', () => {
    expect(readUrl(MODEL, local)).toBe(MODEL);
  });

  it.each(['modle', '', 'toString'])('is refused when it is unknown: %p', (name) => {
    expect(readUrl(`${placeholder(name)}/version`, { ...local, replacements })).toEqual({
      wrong: `placeholder "${placeholder(name)}" is unknown`,
      expected: `one of ${placeholder('model')}, ${placeholder('mlflow')}`,
    });
  });

  it('obeys the rules of the environment once it is filled', () => {
    expect(readUrl(MODEL, { ...prod, replacements })).toMatchObject({
      wrong: 'URL is not encrypted',
    });
  });
});

describe('sameUrl', () => {
  it.each(['https://MLflow.example.com', 'https://mlflow.example.com/', 'https://mlflow.example.com:443//'])(
    'sees that %s is https://mlflow.example.com',
    (url) => {
      expect(sameUrl(url)).toBe(sameUrl('https://mlflow.example.com'));
    },
  );

  it('keeps different paths apart', () => {
    expect(sameUrl('https://example.com/a')).not.toBe(sameUrl('https://example.com/b'));
  });
});
