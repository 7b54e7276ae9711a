import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { ArmedService, Mlflow } from '../../core/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Resolve } from '../addresses.ts';
import { excerpt, type Http, type HttpAnswer, type HttpRequest, jsonOf, shown } from '../http.ts';
import { retrying } from '../retry.ts';
import { authorization } from './mlflow-auth.ts';
import { httpOf, isLater } from './served.ts';

export interface MlflowDeps {
  readonly clock: Clock;
  /** Needed where the environment names a secret for MLflow. */
  readonly secrets?: SecretsManagerClient;
  readonly resolve?: Resolve;
}

/** The MLflow server of an armed service, and the HTTP client that reaches it. */
export interface MlflowServer {
  readonly mlflow: Mlflow;
  readonly http: Http;
  readonly clock: Clock;
  /** Reads the secret once for all calls of one stage: an observation alone makes eight. */
  readonly signedIn: () => Promise<Record<string, string>>;
}

/** One call of the REST API. */
export interface MlflowCall {
  /** What is tried, for messages: `read alias "champion" of "recommender"`. */
  readonly action: string;
  readonly path: string;
  readonly method?: HttpRequest['method'];
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** @default 3 */
  readonly attempts?: number;
}

/** MLflow's own errors, which are answers: a missing alias is status 400, a missing version 404. */
export interface MlflowProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The registry of a service. @throws OutsideRefusal where its environment names none */
export function mlflowServer(armed: ArmedService, deps: MlflowDeps): MlflowServer {
  if (!armed.mlflow) {
    const where = `service "${armed.service.name}" in "${armed.environment}"`;
    throw new OutsideRefusal(`Cannot reach MLflow for ${where}: its environment names no MLflow server`);
  }
  const { mlflow } = armed;
  let headers: Promise<Record<string, string>> | undefined;
  const signedIn = () => {
    headers ??= authorization(deps.secrets, mlflow.secret);
    return headers;
  };
  return { mlflow, http: httpOf(armed, deps.resolve), clock: deps.clock, signedIn };
}

/** A REST call whose answer is JSON, or MLflow's own refusal of it. */
export async function callMlflow(
  server: MlflowServer,
  call: MlflowCall,
): Promise<{ readonly json: unknown } | { readonly problem: MlflowProblem }> {
  const answer = await askMlflow(server, { ...call, path: `/api/2.0/mlflow/${call.path}` });
  if (answer.status < 300) return { json: jsonOf(server.mlflow.url, answer) };
  return { problem: problemOf(server, call, answer) };
}

/** The answer to a request below the server's URL. Each attempt has 3 s, all of them 8 s (F21). */
export async function askMlflow(server: MlflowServer, call: MlflowCall): Promise<HttpAnswer> {
  const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
  const url = `${server.mlflow.url.replace(/\/+$/, '')}${call.path}${query}`;
  const headers = await server.signedIn();
  const request = {
    url,
    headers,
    timeoutMs: 3000,
    ...(call.method && { method: call.method }),
    json: call.json,
  };
  const ask = async () => {
    const answer = await server.http(request);
    if (isLater(answer.status)) throw new LaterError(call, url, answer);
    return answer;
  };
  const retry = { clock: server.clock, attempts: call.attempts ?? 3, budgetMs: 8000, firstWaitMs: 400 };
  return retrying(retry, ask, (error) => error instanceof OutsideTrouble);
}

/** An answer after which asking again may help; carries its status for those who can do without. */
export class LaterError extends OutsideTrouble {
  readonly status: number;
  constructor({ action }: MlflowCall, url: string, { status, text }: HttpAnswer) {
    super(`Cannot ${action}: ${shown(url)} answered ${status} "${excerpt(text)}"`);
    this.status = status;
  }
}

const problem = z.object({ error_code: z.string(), message: z.optional(z.string()) });

function problemOf({ mlflow }: MlflowServer, call: MlflowCall, answer: HttpAnswer): MlflowProblem {
  const { status, text } = answer;
  const parsed = z.safeParse(problem, jsonOrNothing(text));
  const code = parsed.data?.error_code;
  if (code !== undefined && status !== 401 && status !== 403) {
    return { status, code, message: parsed.data?.message ?? '' };
  }
  // A sign-in page, a wrong Host header and an unknown path answer HTML or plain text, not JSON.
  const hint = HINTS[status] ?? 'this is no answer of MLflow';
  throw new OutsideRefusal(
    `Cannot ${call.action}: ${shown(mlflow.url)} answered ${status} "${excerpt(text)}": ${hint}`,
  );
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'it wants a sign-in; name a secret with user and password, or a token, in the environment',
  403: 'the sign-in lacks permission, or the server does not know this host name (MLFLOW_SERVER_ALLOWED_HOSTS)',
  404: 'there is no such path; check the URL of the MLflow server',
};

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What MLflow refused, as an error for those who had no use for the refusal. */
export const refusalOf = ({ action }: Pick<MlflowCall, 'action'>, { status, code, message }: MlflowProblem) =>
  new OutsideRefusal(`Cannot ${action}: MLflow answered ${status} ${excerpt(code)}: ${excerpt(message)}`);
