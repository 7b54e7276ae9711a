import { sentenceOf } from '../core/errors.ts';
import type { ExitCode } from './answer.ts';

/** Our errors by what they mean for whoever typed the command. */
const EXITS: Readonly<Record<string, ExitCode>> = { BadInput: 2, NotReady: 3, OutsideTrouble: 3 };

/** What AWS calls credentials that are missing, too old, or not enough. */
const SIGN_IN = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
];
/** No answer at all: error codes of Node, and the name of a time-out of the SDK. */
const UNREACHED = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'TimeoutError',
];
const NO_PERMISSION = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

export interface Failure {
  readonly sentence: string;
  readonly exit: ExitCode;
}

/** One sentence with the next step, and the exit code, for anything thrown. */
export function failureOf(error: unknown): Failure {
  const names = namesOf(error);
  const sentence = oneLine(sentenceOf(error)).replace(/\.$/, '');
  // Ours say what to do already, whatever caused them.
  const own = EXITS[names[0] ?? ''];
  if (own !== undefined && names[0] !== 'OutsideTrouble') return { sentence, exit: own };
  if (names.some((name) => SIGN_IN.includes(name))) {
    return { sentence: `${sentence}; sign in again, or set AWS_PROFILE`, exit: 3 };
  }
  if (names.some((name) => NO_PERMISSION.includes(name))) {
    return { sentence: `${sentence}; use a role that may do this`, exit: 3 };
  }
  if (names.some((name) => UNREACHED.includes(name))) {
    return { sentence: `${sentence}; check the network, then try again`, exit: 3 };
  }
  // A proxy, or a sign-in page of a network.
  if (names[0]?.startsWith('Outside') && names.includes('SyntaxError')) {
    const known = sentence.replace(/; Deserialization error:.*$/, '');
    return {
      sentence: `${known}; something else than AWS answers: check the network and its proxy`,
      exit: 3,
    };
  }
  return own === undefined ? { sentence, exit: 1 } : { sentence: `${sentence}; try again`, exit: own };
}

/** The names of an error and of what caused it, and their codes where they have one. */
function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [error.name, ...code, ...namesOf(error.cause)];
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, '; ');
