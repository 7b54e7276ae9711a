import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { buildQueryString } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { OutsideTrouble, sentenceOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bearer } from './attempts.ts';
import { eksNameChecked } from './names.ts';

/** Of the role that asks. */
export type Credentials = () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}>;

export interface EksTokenProps {
  /** The name of the EKS cluster: a token for one is refused by every other. */
  readonly eks: string;
  readonly region: string;
  readonly clock: Clock;
  /** @default - the SDK's own chain: in Lambda, the function's role */
  readonly credentials?: Credentials;
}

/** The cluster refuses a token 15 minutes after it was signed; one that is asked for now must outlive its call. */
const FRESH_MS = 13 * 60_000;

/**
 * The bearer token of EKS: a GetCallerIdentity signed here and sent by the API server to STS
 * (kubernetes-sigs/aws-iam-authenticator, pkg/token/token.go). Nothing is asked of AWS. @throws BadInput
 */
export function eksBearer(props: EksTokenProps): Bearer {
  const eks = eksNameChecked(props.eks);
  const sign = signer({ ...props, eks });
  let made: { readonly token: string; readonly at: number } | undefined;
  return {
    who: `EKS cluster "${eks}" has no access entry for this role, or one from before the role was made again`,
    token: async (renewed) => {
      const now = props.clock.now();
      const age = made ? now - made.at : Number.NaN;
      if (!made || renewed || !(age >= 0 && age < FRESH_MS)) made = { token: await sign(now), at: now };
      return made.token;
    },
  };
}

function signer({ eks, region, credentials = defaultProvider() }: EksTokenProps) {
  const hostname = `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: hostname, 'x-k8s-aws-id': eks },
  };
  const signature = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  return async (now: number): Promise<string> => {
    try {
      const { query = {} } = await signature.presign(request, { signingDate: new Date(now), expiresIn: 60 });
      const url = `https://${hostname}/?${buildQueryString(query)}`;
      return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
    } catch (error) {
      const text = `Cannot make a token for EKS cluster "${eks}": ${sentenceOf(error)}`;
      throw new OutsideTrouble(text, { cause: error });
    }
  };
}
