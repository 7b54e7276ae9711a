// For mutation testing: the first test that fails kills the mutant, so the tests after it are left out.
import TestEnvironment from '@stryker-mutator/jest-runner/jest-env/node';

export default class StopAtFirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure') this.#failed = true;
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
  }
}
