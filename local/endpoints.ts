/** `.reinstate/local/endpoints.json`: where the running environment is, for the command line, the demo and tests. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { localPath } from './paths.ts';

export interface Endpoints {
  readonly aws: string;
  readonly region: string;
  readonly accountId: string;
  readonly mlflow: string;
  readonly model: string;
  readonly traffic: string;
  /** Folder with a copy of each closing report. */
  readonly reports: string;
  /** Outputs of the stack, such as `stateMachineArn`, `tableName`, `bucketName`, `topicArn`. */
  readonly [output: string]: string;
}

const file = (): string => localPath('endpoints.json');

export function readEndpoints(): Endpoints | undefined {
  return existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as Endpoints) : undefined;
}

export const writeEndpoints = (endpoints: Endpoints): void =>
  writeFileSync(file(), `${JSON.stringify(endpoints, null, 2)}\n`);

export const forgetEndpoints = (): void => rmSync(file(), { force: true });
