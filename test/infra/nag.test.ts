import { describe, expect, it } from '@jest/globals';
import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aStack } from './helpers/deployment.ts';

const KEY = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY;

/** What was acknowledged, as `<finding>: <reason>`. */
const acknowledged = (stack: cdk.Stack): string[] =>
  stack.node
    .findAll()
    .flatMap((construct) => construct.node.metadata.filter(({ type }) => type === KEY))
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([finding, reason]) => `${finding.replace(/^Annotation::/, '')}: ${reason}`);

describe('cdk-nag', () => {
  it('finds nothing but what is acknowledged', () => {
    const stack = aStack();

    expect(new AwsSolutionsChecks(stack).validateScope(stack).violations).toEqual([]);
  });

  it('acknowledges these findings, each for its reason, and no others', () => {
    expect([...new Set(acknowledged(aStack()))].sort()).toMatchInlineSnapshot();
  });

  it('fails synth on any new finding', () => {
    const stack = aStack();
    new s3.Bucket(stack, 'Open');

    new AwsSolutionsChecks(stack).validateScope(stack);

    expect(() => (stack.node.root as cdk.App).synth()).toThrow(/Validation failed/);
  });
});
