/** What CDK's tokens resolve to, where it is not a string. */
interface Unresolved {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

/** A resolved value as one string; `say` words what only the deploy will know: a logical id and its attribute. */
export function flatten(value: unknown, say: (logicalId: string, attribute?: string) => string): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Unresolved;
  if (join) return join[1].map((part) => flatten(part, say)).join(join[0]);
  return attribute ? say(...attribute) : say(Ref ?? JSON.stringify(value));
}
