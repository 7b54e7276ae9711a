import * as z from 'zod/mini';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { excerpt } from '../http.ts';
import type { WireAnswer } from './wire.ts';

/**
 * What is expected. 404: the object, its kind or its namespace is not there (`message` says which). 409: the object is
 * newer than the resourceVersion that was sent. 422: a `test` or a path of a JSON Patch did not hold ("the server
 * rejected our request due to an error in our request"), or the object would break its schema ("... is invalid: ...");
 * read the object again before anything is decided. Seen with kube-apiserver 1.35.4.
 */
export type KubeAnswer =
  | { readonly status: 200; readonly json: unknown }
  | { readonly status: 404 | 409 | 422; readonly message: string };

/** Statuses after which the same request may do better. */
export const isLater = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * What an answer means; 401 is dealt with before. `action` is for messages: `patch rollouts/status "web" in "prod"`.
 * @throws OutsideTrouble, OutsideRefusal
 */
export function answerOf(action: string, answer: WireAnswer): KubeAnswer {
  const { status } = answer;
  if (status >= 200 && status < 300) return { status: 200, json: jsonOf(action, answer) };
  const said = statusObjectOf(answer.text);
  // The API server answers in plain text where it does not know the path: the CRD is not installed.
  if (status === 404 && !said) return { status, message: 'the cluster does not know this kind of object' };
  const message = said?.message ? quoted(said.message) : quoted(answer.text);
  if (status === 404 || status === 409 || status === 422) return { status, message };
  throw failureOf(action, status, message);
}

function failureOf(action: string, status: number, message: string): Error {
  if (status === 403) return new OutsideRefusal(`Cannot ${action}: ${forbidden(message)}`);
  if (status >= 300 && status < 400) {
    return new OutsideRefusal(`Cannot ${action}: the cluster answered ${status}; redirects are not followed`);
  }
  const text = `Cannot ${action}: the cluster answered ${status}${message && ` "${message}"`}`;
  return isLater(status) ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

/** As `k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go` writes it. */
const FORBIDDEN =
  /User "(?<user>[^"]*)" cannot (?<verb>\S+) resource "(?<resource>[^"]*)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]*)")?/;

/** The permission that is missing, as a Role would name it; an admission webhook refuses in its own words. */
function forbidden(message: string): string {
  const { user, verb, resource, group, namespace } = FORBIDDEN.exec(message)?.groups ?? {};
  if (verb === undefined) return `the cluster refused (403): "${message}"`;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace "${namespace}"`;
  return `user "${user}" lacks the permission to ${verb} "${resource}" of API group "${group}" ${where}`;
}

const statusObject = z.object({ kind: z.literal('Status'), message: z.optional(z.string()) });

function statusObjectOf(text: string): z.infer<typeof statusObject> | undefined {
  try {
    return z.safeParse(statusObject, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether the API server speaks for itself, where it hands on what others answer. */
export const isOfCluster = ({ text }: Pick<WireAnswer, 'text'>): boolean =>
  statusObjectOf(text) !== undefined;

function jsonOf(action: string, { status, text }: WireAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = `the cluster answered ${status} with "${excerpt(text)}"; expected JSON`;
    throw new OutsideTrouble(`Cannot ${action}: ${said}`, { cause: error });
  }
}

/** An object that a refusal quotes whole, as strict validation does: its environment may hold secrets (F55). */
const QUOTED_OBJECT = /"\{(?:\\.|[^"\\])*(?:"|$)/g;

/** `printable` has 500 characters: enough for the user of an assumed role beside the permission. */
const quoted = (text: string): string =>
  printable(text.replace(QUOTED_OBJECT, '"{...}"').slice(0, 2000)).replace(/\s+/g, ' ').trim();
