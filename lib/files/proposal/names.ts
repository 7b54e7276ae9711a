import { cutTo } from '../../core/cut.ts';
import { redacted } from '../../core/redact.ts';
import { NAME } from '../forms.ts';

const LONGEST_NAME = 40;
const LONGEST_NAMED = 200;
const LONGEST_SAID = 600;

/** `Reinstate/ModelSvc` as `reinstate-model-svc`. */
const kebab = (text: string): string =>
  text
    .slice(0, 500)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Whether a name of the estate has that of the service in it, as whole words. */
export const mentions = (text: string, service: string): boolean =>
  `-${kebab(text)}-`.includes(`-${service}-`);

/** A name for a signal or lever that is not taken yet. */
export function nameFor(text: string, taken: readonly string[], otherwise: string): string {
  const wanted = kebab(text)
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  const first = NAME.test(wanted) ? wanted : otherwise;
  for (let n = 1; ; n += 1) {
    const ending = n === 1 ? '' : `-${n}`;
    const name = `${first.slice(0, LONGEST_NAME - ending.length)}${ending}`;
    if (!taken.includes(name)) return name;
  }
}

/** Fit for a comment: one line, short, without what ends a line or turns it round, and without credentials (F55). */
export function said(text: string, longest = LONGEST_SAID): string {
  const line = redacted(text.slice(0, 4000))
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > longest ? `${cutTo(line, longest)}...` : line;
}

/** A name of the estate in quotes. */
export const named = (text: string): string => `"${said(text, LONGEST_NAMED)}"`;
