/** Clusters move seldom: their last known addresses are good, and EKS is asked beside everything else (F51). */
import { type AddressNote, type ClusterAddress, clustersToAsk, moved } from '../core/cluster-addresses.ts';
import { OutsideTrouble, sentenceOf } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { ArmedService } from '../core/service.ts';
import type { ClusterFinder } from '../ports/cluster-finder.ts';

export interface AddressNews {
  /** All armed clusters, where one of them is elsewhere now. @default - all are where they were */
  readonly clusters?: NonNullable<ArmedService['clusters']>;
  /** What EKS would not say; one that gave no answer is not among them. */
  readonly refused: AddressNote['refused'];
}

/** Where the clusters are that EKS answers for. No answer leaves what was recorded. */
export async function freshAddresses(finder: ClusterFinder, armed: ArmedService): Promise<AddressNews> {
  const asked = clustersToAsk(armed);
  const answers = await Promise.all(asked.map(([name, eks]) => answerOf(finder, name, eks)));
  const found = answers.flatMap((answer) => ('address' in answer ? [[answer.cluster, answer.address]] : []));
  const clusters = moved(armed, Object.fromEntries(found));
  const refused = answers.flatMap((answer) =>
    'why' in answer ? [{ cluster: answer.cluster, why: answer.why }] : [],
  );
  return { ...(clusters && { clusters }), refused };
}

type Answer = { readonly cluster: string } & (
  | { readonly address: ClusterAddress }
  | { readonly why: string }
  | { readonly silent: true }
);

async function answerOf(finder: ClusterFinder, cluster: string, eks: string): Promise<Answer> {
  try {
    return { cluster, address: await finder.find(eks) };
  } catch (error) {
    if (error instanceof OutsideTrouble) return { cluster, silent: true };
    return { cluster, why: printable(sentenceOf(error)) };
  }
}
