/** Where AWS is. `endpoint` is given for a local one only. Credentials are the SDK's own affair. */
export interface AwsPlace {
  readonly region: string;
  readonly endpoint?: string;
}

/** What every AWS client is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/**
 * Bounded in time: the SDK waits for ever by default, and a function that waits spends the whole budget of its
 * rung. 1 s to connect and 3 s for the answer, three times over, with waits between: 13 s at most, less than the
 * timeout of any function.
 */
export const clientOptions = (place: AwsPlace): ClientOptions => ({
  ...place,
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
});

/**
 * For what must not be sent twice unseen: PutParameter makes one more version each time, so an SDK that asks
 * again after a lost answer looks like somebody else's write (F17). The lever reads before it asks again.
 */
export const unretriedOptions = (place: AwsPlace): ClientOptions => ({
  ...clientOptions(place),
  maxAttempts: 1,
});

/** For S3: a local AWS has no host name for each bucket. */
export const s3Options = (place: AwsPlace): ClientOptions & { readonly forcePathStyle: boolean } => ({
  ...clientOptions(place),
  forcePathStyle: place.endpoint !== undefined,
});
