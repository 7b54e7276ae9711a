import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { ArmedService, ServedAt } from '../../core/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Resolve } from '../addresses.ts';
import { excerpt, type Http, type HttpAnswer, type HttpRequest, httpClient, jsonOf, shown } from '../http.ts';
import { retrying } from '../retry.ts';

/** The HTTP client of one armed service: it reaches the hosts that the deploy armed, and no other. */
export function httpOf(armed: ArmedService, resolve?: Resolve): Http {
  const urls = [
    armed.mlflow?.url,
    ...armed.service.levers.map(({ served }) => (served && 'url' in served ? served.url : undefined)),
    ...armed.service.levers.map((lever) => (lever.kind === 'alias' ? lever.reload : undefined)),
  ].filter((url) => typeof url === 'string');
  const hosts = urls.flatMap((url) => URL.parse(url)?.host ?? []);
  return httpClient({ hosts, insecureLocal: armed.insecureLocal }, resolve);
}

/**
 * What serving instances say they use: a text, number or boolean is one instance, an array is many.
 * @throws OutsideTrouble when nobody answers, or the answer names no instance: that is never "all are good".
 */
export async function readServed(http: Http, clock: Clock, { url, path }: ServedAt): Promise<string[]> {
  const answer = await askService(http, clock, { url });
  return valuesIn(path, jsonOf(url, answer), shown(url));
}

/** The values at a path of JSON: one, or a list of them. @throws OutsideTrouble where there is none */
export function valuesIn(path: string, json: unknown, where: string): string[] {
  const value = path.split('.').reduce(at, json);
  const values = (Array.isArray(value) ? value : [value]).map(textOf);
  if (values.length > 0 && values.every((v) => v !== undefined)) return values;
  const found = value === undefined ? 'nothing' : excerpt(JSON.stringify(value));
  throw new OutsideTrouble(
    `Cannot read "${path}" at ${where}: found ${found}; expected a value or a list of values`,
  );
}

/** Asks a model service, three times within 8 s. */
export async function askService(http: Http, clock: Clock, request: HttpRequest): Promise<HttpAnswer> {
  const retry = { clock, attempts: 3, budgetMs: 8000, firstWaitMs: 400 };
  const ask = async () => wellAnswered(request, await http({ timeoutMs: 3000, ...request }));
  return retrying(retry, ask, (error) => error instanceof OutsideTrouble);
}

function wellAnswered({ method = 'GET', url }: HttpRequest, answer: HttpAnswer): HttpAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const text = `Cannot ${method} ${shown(url)}: it answered ${answer.status} "${excerpt(answer.text)}"`;
  throw isLater(answer.status) ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

/** Statuses after which the same request may do better. */
export const isLater = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

function at(value: unknown, name: string): unknown {
  const inside = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return inside ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown): string | undefined {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? String(value) : undefined;
}
