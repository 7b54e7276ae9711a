import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Environment } from '../../core/environment.ts';
import type { FoundParameter, Listed } from '../../core/estate.ts';
import { asking } from '../aws-errors.ts';
import { accountChecked } from './account.ts';
import { pagesOf } from './pages.ts';
import { parameterOf } from './switches.ts';

/** GetParametersByPath gives 10 in a page at most. */
const MOST_PAGES = 100;

/** Parameters below a path. Nothing is decrypted. */
export const listParameters = (
  client: SSMClient,
  environment: Environment,
  path: string,
): Promise<Listed<FoundParameter>> =>
  pagesOf(MOST_PAGES, async (NextToken) => {
    const command = new GetParametersByPathCommand({
      Path: path,
      Recursive: true,
      WithDecryption: false,
      MaxResults: 10,
      NextToken,
    });
    const { Parameters: found = [], NextToken: next } = await asking(
      `read the parameters below "${path}"`,
      () => client.send(command),
    );
    for (const { ARN } of found) accountChecked(environment, ARN);
    return { items: found.map(({ Name = '', Type, Value = '' }) => parameterOf(Name, Type, Value)), next };
  });
