/** Synthesises every environment from its folder; a finding of cdk-nag or a bad file fails it. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

for (const { name } of readdirSync('environments', { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
)) {
  execFileSync('cdk', ['synth', '--quiet', '-c', `env=${name}`, '-o', `cdk.out/${name}`], {
    stdio: 'inherit',
  });
  console.log(`${name}: synthesised`);
}
