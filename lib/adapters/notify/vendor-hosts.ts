import { OutsideRefusal } from '../../core/errors.ts';
import type { CallEntry } from '../../core/service.ts';
import { type Http, httpClient } from '../http.ts';

/** Where the vendors are. PagerDuty: https://support.pagerduty.com/main/docs/service-regions. */
const HOSTS = {
  slack: 'slack.com',
  pagerduty: 'events.pagerduty.com',
  'pagerduty eu': 'events.eu.pagerduty.com',
  api: 'api.pagerduty.com',
  'api eu': 'api.eu.pagerduty.com',
} as const;

/** Reaches the vendors, and nobody else; in `local` the stand-in that the entry names. */
export const httpFor = ({ url }: CallEntry, insecureLocal: boolean): Http =>
  insecureLocal && url !== undefined
    ? httpClient({ hosts: [new URL(url).host], insecureLocal })
    : httpClient({ hosts: Object.values(HOSTS), insecureLocal: false });

/** Where a channel of this entry is asked. @throws OutsideRefusal for a place of its own outside of `local`. */
export function baseUrl({ kind, to, region, url }: CallEntry, insecureLocal: boolean, part?: 'api'): string {
  if (url !== undefined && !insecureLocal)
    throw new OutsideRefusal(`Cannot call ${kind} "${to}" at "${url}": only "local" has other places`);
  if (url !== undefined) return url;
  const name = `${part ?? kind}${region === undefined ? '' : ` ${region}`}`;
  return `https://${HOSTS[name as keyof typeof HOSTS] ?? HOSTS.slack}`;
}
