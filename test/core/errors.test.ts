import { describe, expect, it } from '@jest/globals';
import {
  BadInput,
  FenceLost,
  IncidentClosing,
  NotReady,
  OutsideRefusal,
  OutsideTrouble,
  PLATFORM_ERRORS,
  RETRYABLE_ERRORS,
  StepStillRunning,
  sentenceOf,
} from '../../lib/core/errors.ts';

describe('the names that Step Functions matches on', () => {
  it.each([
    ['BadInput', new BadInput('x'), false],
    ['NotReady', new NotReady('x'), false],
    ['FenceLost', new FenceLost('x'), false],
    ['StepStillRunning', new StepStillRunning('x', 1), true],
    ['IncidentClosing', new IncidentClosing('x'), true],
    ['OutsideTrouble', new OutsideTrouble('x'), true],
    ['OutsideRefusal', new OutsideRefusal('x'), false],
  ])('%s', (name, error, retried) => {
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message]).toEqual([name, 'x']);
    expect((RETRYABLE_ERRORS as readonly string[]).includes(name)).toBe(retried);
  });

  it('F49: what the platform says when a function could not run, or died while it ran', () => {
    expect([...PLATFORM_ERRORS]).toEqual([
      ...[
        'Lambda.Unknown',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
      ],
      ...['Lambda.TooManyRequestsException', 'Runtime.ExitError', 'Sandbox.Timedout'],
    ]);
  });
});

describe('StepStillRunning', () => {
  it('says when to try again', () => {
    expect(new StepStillRunning('x', 42).retryAt).toBe(42);
  });
});

describe('sentenceOf', () => {
  it('is the message of an error, and what anything else says of itself', () => {
    expect([new NotReady('no table'), 'no text', 7].map(sentenceOf)).toEqual(['no table', 'no text', '7']);
  });

  it('F59: keeps 2,000 characters of an answer of a megabyte, and no half of one', () => {
    expect(sentenceOf(new NotReady('x'.repeat(1e6)))).toBe('x'.repeat(2000));
    expect(sentenceOf(`${'x'.repeat(1999)}🔥`)).toBe(`${'x'.repeat(1999)}\ufffd`);
  });
});
