/** A push, as a server's receive-pack takes it. @see https://git-scm.com/docs/pack-protocol */
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { packOf } from './packs.ts';
import { FLUSH, packet, packetsIn, textsIn, unbanded } from './pkt-lines.ts';
import type { Push, PushEnd } from './remote.ts';
import type { Wire } from './wire.ts';

const NOBODY = '0'.repeat(40);

/** The server compares `from` with what the branch is at, under its own lock: nothing of somebody else's is lost. */
export async function receive(wire: Wire, push: Push): Promise<PushEnd> {
  const ref = `refs/heads/${push.branch}`;
  const { refs, abilities } = listed(await wire.list('git-receive-pack'));
  if (refs.get(ref) !== push.from) return { kind: 'moved' };
  const banded = abilities.includes('side-band-64k');
  const asked = ['report-status', ...(banded ? ['side-band-64k'] : []), 'agent=reinstate'];
  const order = `${push.from ?? NOBODY} ${push.to} ${ref}\0 ${asked.filter((one) => known(one, abilities)).join(' ')}`;
  const head = `${packet(order)}${FLUSH}`;
  const answer = await wire.post(
    'git-receive-pack',
    Buffer.concat([Buffer.from(head), packOf(push.objects)]),
  );
  return banded ? bandedEnd(wire, ref, answer) : endOf(wire, ref, { report: answer, said: '' });
}

/** Some servers hang up on a word that they did not say first. */
const known = (ability: string, abilities: readonly string[]): boolean =>
  abilities.some((one) => one.split('=')[0] === ability.split('=')[0]);

interface Listing {
  readonly refs: ReadonlyMap<string, string>;
  readonly abilities: readonly string[];
}

function listed(answer: Buffer): Listing {
  const lines = textsIn(answer);
  const refs = new Map<string, string>();
  let abilities: string[] = [];
  for (const one of lines.filter((text) => !text.startsWith('# '))) {
    const [ref = '', said] = one.split('\0');
    if (said !== undefined) abilities = said.trim().split(' ');
    const [oid = '', name = ''] = ref.split(' ');
    refs.set(name, oid);
  }
  return { refs, abilities };
}

async function bandedEnd(wire: Wire, ref: string, answer: Buffer): Promise<PushEnd> {
  const { data, said } = await unbanded(packetsIn(answer), wire.quote);
  return endOf(wire, ref, { report: data, said });
}

interface Told {
  readonly report: Buffer;
  /** What hooks printed. */
  readonly said: string;
}

async function endOf(wire: Wire, ref: string, { report, said }: Told): Promise<PushEnd> {
  const lines = textsIn(report);
  const unpacked = lines.find((text) => text.startsWith('unpack '))?.slice('unpack '.length);
  const declined = lines.find((text) => text.startsWith(`ng ${ref} `))?.slice(`ng ${ref} `.length);
  if (declined !== undefined && MOVED.test(declined)) return { kind: 'moved' };
  if (declined !== undefined) return { kind: 'declined', why: await sentence(wire, declined, said) };
  if (lines.includes(`ok ${ref}`)) return { kind: 'pushed' };
  const text = `Cannot push to ${wire.name}: it says "${await wire.quote(unpacked ?? lines.join(' '))}"`;
  throw unpacked !== undefined && unpacked !== 'ok' ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

/** Words of git, Gitea, GitHub and GitLab for a branch that moved under the push. */
const MOVED =
  /non-fast-forward|fetch first|stale info|failed to (?:update|lock)|cannot lock|incorrect old value|reference already exists|but expected/i;

/** A hook's own first words say more than that it declined. */
async function sentence(wire: Wire, declined: string, said: string): Promise<string> {
  const [reason, words] = [await wire.quote(declined), await wire.quote(said.replace(/^remote: /gm, ''))];
  return words === '' ? reason : `${reason}: ${words}`;
}
