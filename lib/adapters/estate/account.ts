import type { Environment } from '../../core/environment.ts';
import { OutsideRefusal } from '../../core/errors.ts';

/**
 * Credentials of another account find another estate: nothing of it belongs into this environment.
 * @throws OutsideRefusal
 */
export function accountChecked({ name, account }: Environment, arn: string | undefined): void {
  const [, , , , found = account] = arn?.split(':') ?? [];
  if (found === account) return;
  throw new OutsideRefusal(
    `Cannot use what was found: it is in account ${found}, environment "${name}" is in ${account}; choose credentials with AWS_PROFILE`,
  );
}
