/** What comes from outside, made fit to be read by people. */
import { redacted } from './redact.ts';

/** The longest text of an event that is kept; the rest is attacker's space. */
export const LONGEST_TEXT = 500;

/** Control, direction, private and lone surrogate characters, and what breaks lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Fit for pages and terminals: without credentials, control and direction characters, and bounded. Cut last: half a
 * credential would not be recognised.
 */
export const printable = (text: string): string =>
  redacted(shown(text))
    .slice(0, LONGEST_TEXT)
    // The first half of a character that was cut.
    .replace(/\p{Cs}$/u, '');

/** Whether nothing in it would have to be left out. */
export const isPrintable = (text: string): boolean => shown(text) === text;

const shown = (text: string): string => text.replace(UNPRINTABLE, ' ');
