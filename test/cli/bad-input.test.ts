/** What was typed, the files and AWS may be anything: one sentence with the next step, exit 2 or 3, never a stack trace. */
import { describe, expect, it } from '@jest/globals';
import { outside } from '../../lib/adapters/aws-errors.ts';
import { failureOf } from '../../lib/cli/failure.ts';
import { findEnvironment } from '../../lib/cli/which-environment.ts';
import { awsError } from '../adapters/stub-client.ts';
import { aDesk, aFolderWith, aWorld, type } from './desk.ts';

const typed = (words: string, columns = 200) => type(aDesk(aWorld()), words, { terminal: { columns } });

describe('a command line that cannot be understood', () => {
  it.each([
    ['plna x', 'unknown command "plna" (did you mean "plan"?); see: npx reinstate --help'],
    ['help plna', 'unknown command "plna" (did you mean "plan"?); see: npx reinstate --help'],
    ['--env prod help plna', 'unknown command "plna" (did you mean "plan"?); see: npx reinstate --help'],
    ['help hold lfit', 'unknown command "lfit" (did you mean "lift"?); see: npx reinstate hold --help'],
    ['hold help lfit', 'unknown command "lfit" (did you mean "lift"?); see: npx reinstate hold --help'],
    [
      'incidents clsoe x',
      'unknown command "clsoe" (did you mean "close"?); see: npx reinstate incidents --help',
    ],
    [
      'baseline recrod x',
      'unknown command "recrod" (did you mean "record"?); see: npx reinstate baseline --help',
    ],
    ['plan', "missing required argument 'service'; see: npx reinstate plan --help"],
    ['plan a b', "too many arguments for 'plan'; expected 1 argument, not 2; see: npx reinstate plan --help"],
    ['plan a --because x', "unknown option '--because'; see: npx reinstate plan --help"],
    ['plan recommender --env', "option '--env <name>' argument missing; see: npx reinstate --help"],
    ['-o xml validate', "argument 'xml' is unknown; expected json; see: npx reinstate --help"],
  ])('answers "%s" with one sentence and the help that helps', async (words, sentence) => {
    const { exit, out, err } = await typed(words);

    expect([exit, out, err]).toEqual([2, '', expect.stringMatching(/^Cannot run this: [^\n]+\n$/)]);
    expect(err).toContain(sentence);
  });

  it.each([
    'help hold lift',
    'hold help lift',
    '--env prod help hold lift',
    'help -o json hold lift',
    'help hold lift x',
  ])('shows the help of a command in a group: %s', async (words) => {
    const { exit, out, err } = await typed(words);

    expect([exit, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: reinstate hold lift /);
  });

  it.each(['help', 'help help', '--env prod help'])('shows the list of commands: %s', async (words) => {
    expect((await typed(words)).out).toMatch(/^Usage: reinstate \[options\] \[command\]/);
  });

  it('takes a service that is called help for a service', async () => {
    expect((await typed('incidents --service help')).err).toContain('Cannot find service "help"');
  });

  it('answers people in words, whatever else they call json', async () => {
    expect((await typed('rollback json --because x')).err).toMatch(/^Cannot run this: /);
  });

  it.each(['-o json', '-ojson', '--output json', '--output=json'])(
    'answers programs in JSON: %s',
    async (o) => {
      const { exit, err } = await typed(`plna ${o}`);

      expect(JSON.parse(err)).toMatchObject({
        error: expect.stringContaining('unknown command "plna"'),
        exit: 2,
      });
      expect(exit).toBe(2);
    },
  );

  it('makes control characters of what was typed harmless', async () => {
    expect((await typed('pl\u001b[31mna\u202e')).err).toContain('unknown command "pl [31mna "');
  });
});

describe('--help in a terminal of 40 columns', () => {
  it.each(['--help', 'rollback --help', 'incidents --help', 'quarantine lift --help'])(
    'puts what "%s" explains below its words, in 40 columns',
    async (words) => {
      const { exit, out } = await typed(words, 40);

      const [, ...lines] = out.split('\n');
      expect(exit).toBe(0);
      expect(lines.filter((line) => line.length > 40)).toEqual([]);
    },
  );

  it('stands side by side where there is room', async () => {
    expect((await typed('--help', 120)).out).toContain('  page                                 prove that');
  });
});

describe('an environment whose files cannot be read', () => {
  it.each([
    [
      'a file where the folder should be',
      { environments: '' },
      'Cannot read "environments" (ENOTDIR); expected a folder',
    ],
    [
      'a folder where the file should be',
      { 'environments/prod/environment.yaml/x': '' },
      'Cannot read "environments/prod/environment.yaml" (EISDIR); expected a file in UTF-8 that you may read',
    ],
    [
      'bytes that are no text',
      { 'environments/prod/environment.yaml': Uint8Array.from([0xff, 0xfe, 0x00]) },
      'Cannot read "environments/prod/environment.yaml" (ERR_ENCODING_INVALID_ENCODED_DATA); expected',
    ],
    [
      'a file for its services',
      {
        'environments/prod/environment.yaml': 'account: "111122223333"\nregion: eu-west-1\n',
        'environments/prod/services': '',
      },
      'Cannot read "environments/prod/services" (ENOTDIR); expected a folder',
    ],
    ['text that is no YAML', { 'environments/prod/environment.yaml': 'a: [\n\tb' }, 'environment.yaml:2:'],
  ])('is bad input with %s', (_, files, sentence) => {
    const find = () => findEnvironment({ cwd: aFolderWith(files), env: {} }, 'prod');

    expect(find).toThrow(
      expect.objectContaining({ name: 'BadInput', message: expect.stringContaining(sentence) }),
    );
  });
});

/** As Node and the SDK throw it when no answer comes. */
const unreached = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.1:443`), { code });

describe('an AWS that does not let us', () => {
  it.each([
    ['a token that has expired', awsError('ExpiredTokenException', 400), 'sign in again, or set AWS_PROFILE'],
    [
      'keys that nobody knows',
      awsError('UnrecognizedClientException', 400),
      'sign in again, or set AWS_PROFILE',
    ],
    ['a permission that is missing', awsError('AccessDeniedException', 400), 'use a role that may do this'],
    ['an endpoint that refuses', unreached('ECONNREFUSED'), 'check the network, then try again'],
    ['a name that nobody resolves', unreached('ENOTFOUND'), 'check the network, then try again'],
    [
      'an answer that does not come',
      awsError('TimeoutError', undefined),
      'check the network, then try again',
    ],
    ['calls that are too many', awsError('ThrottlingException', 400), 'try again'],
    [
      'a page of something else',
      new SyntaxError(
        'Unexpected token \'<\', "<html>" is not valid JSON\n  Deserialization error: to see the raw response',
      ),
      'something else than AWS answers: check the network and its proxy',
    ],
  ])('is not ready with %s', (_, error, next) => {
    const { sentence, exit } = failureOf(outside('look for table "reinstate-prod"', error));

    expect(sentence).toMatch(/^Cannot look for table "reinstate-prod": [^\n]+$/);
    expect([exit, sentence.endsWith(`; ${next}`)]).toEqual([3, true]);
  });
});
