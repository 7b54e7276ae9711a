import type { Environment } from '../../core/environment.ts';
import type { Owner } from '../../core/step.ts';

/** What is to be described, and where the person said to look for it. */
export interface Wanted {
  readonly service: string;
  readonly environment: Environment;
  /** Beginning of the names of its alarms. */
  readonly alarms?: string | undefined;
  /** Path of its parameters. */
  readonly parameters?: string | undefined;
  readonly model?: string | undefined;
  /** Namespace of Kubernetes. */
  readonly namespace?: string | undefined;
  /** Where the served model version can be read: `<url> <path>`. */
  readonly served?: string | undefined;
}

/** A signal as it is proposed, with its lines of the policy. `remarks` become comments above it. */
export interface DraftSignal {
  readonly name: string;
  readonly written: Readonly<Record<string, unknown>>;
  readonly when: string;
  /** Without the number of periods: what counts is the longest of all signals, in the period of each. */
  readonly verify: string;
  readonly periodSeconds: number;
  readonly remarks: readonly string[];
}

/** A lever as it is proposed. */
export interface DraftLever {
  readonly name: string;
  readonly written: Readonly<Record<string, unknown>> & { readonly kind: string };
  /** Its rung: flags are quickest, then aliases, then traffic, then what owns the spec. */
  readonly rung: 1 | 2 | 3 | 4;
  readonly remarks: readonly string[];
  /** Who writes the spec that it changes. @default - nobody but those who apply it */
  readonly owner?: Owner | undefined;
}

/** A proposal before it is written down. */
export interface Draft {
  readonly signals: readonly DraftSignal[];
  readonly levers: readonly DraftLever[];
  /** Sentences for the top of the file. */
  readonly notes: readonly string[];
  /** How long the ladder takes, where that is past the goal. */
  readonly pace: readonly string[];
}

/** A comment that a person has to answer. */
export const question = (words: string): string => `question: ${words}`;
