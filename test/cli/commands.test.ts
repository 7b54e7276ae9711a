import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addCommands, listCommands } from '../../lib/cli/commands.ts';
import listed from '../../lib/cli/generated/commands.json' with { type: 'json' };
import type { Act } from '../../lib/cli/program.ts';

const ROOT = join(import.meta.dirname, '../..');
const nothing: Act = () => async () => undefined;
const NAMES = listed.map(({ name }) => name);

async function withCommands(...words: string[]): Promise<Command> {
  const program = new Command('reinstate');
  await addCommands(program, nothing, words);
  return program;
}

const helpOf = (program: Command, name: string): string | undefined =>
  program.commands.find((command) => command.name() === name)?.helpInformation();

describe('the list of commands', () => {
  it('is what the commands say of themselves', async () => {
    expect(await listCommands(new Command(), nothing)).toEqual(listed);
  });

  it('reads the same whether they are loaded or only listed', async () => {
    expect((await withCommands()).helpInformation()).toBe((await withCommands(...NAMES)).helpInformation());
  });

  it.each(NAMES)('%s itself is there when its name is among the words, wherever it stands', async (name) => {
    const [whole, alone, last] = [
      await withCommands(...NAMES),
      await withCommands(name),
      await withCommands('--env', 'prod', '-o', 'json', name, '--help'),
    ];

    expect(helpOf(alone, name)).toBe(helpOf(whole, name));
    expect(helpOf(last, name)).toBe(helpOf(whole, name));
  });
});

describe('a command loads no more than it uses', () => {
  it.each([
    ['--help', /\/(zod|yaml|@aws-sdk|@smithy|aws-cdk-lib)\/|\/lib\/(report|stages|files|adapters)\//],
    ['validate', /\/(@aws-sdk|@smithy|aws-cdk-lib)\/|\/lib\/(stages|adapters|simulation)\//],
  ])('%s', (word, needless) => {
    const script = `import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });
      process.argv.splice(1, 0, 'reinstate');
      await import(${JSON.stringify(join(ROOT, 'bin/reinstate.ts'))});`;
    const args = ['--no-warnings', '--input-type=module', '--eval', script, '--', word];

    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });

    const loaded = stderr.trim().split('\n');
    expect(status).toBe(0);
    expect(loaded.length).toBeGreaterThan(10);
    expect(loaded.filter((url) => needless.test(url))).toEqual([]);
  });
});
