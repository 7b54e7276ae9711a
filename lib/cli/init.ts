import { init } from './init-work.ts';
import type { Register } from './program.ts';

export const initCommand: Register = (program, act) => {
  program
    .command('init')
    .description(
      'propose a service file from what stands there; reads only, and shows all before it is written',
    )
    .argument('[service]', 'its name; without one, what might be a service is listed')
    .option('--alarms <prefix>', 'its alarms: the beginning of their names')
    .option('--parameters <path>', 'its flags: a path of SSM, such as /shop/recommender')
    .option('--model <name>', 'its registered model')
    .option('--namespace <namespace>', 'its namespace in the clusters')
    .option('--served <address>', 'where it says which model version it serves: "<url> <path into the JSON>"')
    .option('--write', 'write the file without being asked')
    .option('-y, --yes', 'the same')
    .action(act(init));
};
