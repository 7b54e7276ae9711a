/** A repository behind smart HTTP. @see https://git-scm.com/docs/protocol-v2 */
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { OID, type Store } from './objects.ts';
import { readPack } from './packs.ts';
import { DELIMITER, FLUSH, line, type Packet, packetsIn, textOf, textsIn, unbanded } from './pkt-lines.ts';
import { receive } from './receive.ts';
import type { FetchOrder, Remote } from './remote.ts';
import { type Wire, type WireDeps, wireOf } from './wire.ts';

/** Reads and pushes branches of one repository. */
export function smartHttp(deps: WireDeps): Remote {
  const wire = wireOf(deps);
  let known: Promise<readonly string[]> | undefined;
  const abilities = () => {
    known ??= abilitiesOf(wire);
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
  return {
    name: wire.name,
    headOf: async (branch) => {
      await abilities();
      return headOf(wire, `refs/heads/${branch}`);
    },
    fetch: async (store, order) => fetchCommits(wire, store, { ...order, lean: isLean(await abilities()) }),
    fetchCommit: async (store, oid) => {
      const order = { head: oid, depth: 1, lean: isLean(await abilities()) };
      return fetchCommits(wire, store, order).then(
        () => true,
        (error: unknown) => isUnknown(error),
      );
    },
    fetchBlobs: async (store, oids) => {
      await abilities();
      await fetchPack(wire, store, [...oids.map((oid) => line(`want ${oid}`))]);
    },
    push: (push) => receive(wire, push),
  };
}

/** What the server can do, one line each. */
async function abilitiesOf(wire: Wire): Promise<readonly string[]> {
  const lines = textsIn(await wire.list('git-upload-pack'));
  if (lines.includes('version 2')) return lines;
  throw new OutsideRefusal(
    `Cannot read ${wire.name}: its server does not speak version 2 of Git's protocol (Git 2.18 or newer does)`,
  );
}

/** A lean fetch leaves contents out: they are most of a repository, and hardly any is needed. */
const isLean = (abilities: readonly string[]): boolean =>
  abilities.some((ability) => /^fetch=(.* )?filter( |$)/.test(ability));

const command = (name: string, ...rest: readonly string[]): Buffer =>
  Buffer.from([line(`command=${name}`), line('agent=reinstate'), DELIMITER, ...rest, FLUSH].join(''));

async function headOf(wire: Wire, ref: string): Promise<string | undefined> {
  const answer = await wire.post('git-upload-pack', command('ls-refs', line(`ref-prefix ${ref}`)));
  for (const packet of packetsIn(answer)) {
    if (typeof packet === 'string') continue;
    const [oid, name] = textOf(await refused(wire, packet)).split(' ');
    if (name !== ref) continue;
    if (oid !== undefined && OID.test(oid)) return oid;
    throw new OutsideTrouble(
      `Cannot read ${wire.name}: its ${ref} is at no commit, which are 40 hex digits here`,
    );
  }
  return undefined;
}

/** A server says what it does not want to do in a line of its own. */
async function refused(wire: Wire, packet: Buffer): Promise<Buffer> {
  const text = packet.toString('utf8', 0, 200);
  if (!text.startsWith('ERR ')) return packet;
  throw new OutsideRefusal(`Cannot read ${wire.name}: it says "${await wire.quote(text.slice(4))}"`);
}

/** Git's words for a name that the repository does not have. */
const UNKNOWN = /it says "(?:upload-pack: )?not our ref/;

/** @throws what it is, where it is something else */
function isUnknown(error: unknown): false {
  if (error instanceof OutsideRefusal && UNKNOWN.test(error.message)) return false;
  throw error;
}

interface LeanOrder extends FetchOrder {
  readonly lean: boolean;
}

async function fetchCommits(wire: Wire, store: Store, { head, depth, lean }: LeanOrder): Promise<void> {
  await fetchPack(wire, store, [
    line(`want ${head}`),
    ...[...store.heads].map((oid) => line(`have ${oid}`)),
    ...[...store.shallow].map((oid) => line(`shallow ${oid}`)),
    line(`deepen ${depth}`),
    ...(lean ? [line('filter blob:none')] : []),
  ]);
  store.heads.add(head);
}

async function fetchPack(wire: Wire, store: Store, wanted: readonly string[]): Promise<void> {
  const rest = [line('ofs-delta'), line('no-progress'), ...wanted, line('done')];
  const packets = packetsIn(await wire.post('git-upload-pack', command('fetch', ...rest)));
  let cuts: readonly Cut[] = [];
  for (const packet of packets) {
    if (typeof packet === 'string') continue;
    const section = textOf(await refused(wire, packet));
    if (section === 'shallow-info') cuts = cutsIn(packets);
    if (section !== 'packfile') continue;
    readPack(store, (await unbanded(packets, wire.quote)).data);
    return cut(store, cuts);
  }
  throw new OutsideTrouble(`Cannot read ${wire.name}: it sent no pack`);
}

/** Where history is cut off from now on (`shallow`), or not any more. */
interface Cut {
  readonly kind: string;
  readonly oid: string;
}

function cutsIn(packets: Iterator<Packet>): Cut[] {
  const cuts: Cut[] = [];
  for (let next = packets.next(); !next.done && typeof next.value !== 'string'; next = packets.next()) {
    const [kind = '', oid = ''] = textOf(next.value).split(' ');
    if (OID.test(oid)) cuts.push({ kind, oid });
  }
  return cuts;
}

/** Only once the pack is read: what a server believes that we have, it never sends. */
function cut({ shallow }: Store, cuts: readonly Cut[]): void {
  for (const { kind, oid } of cuts) {
    if (kind === 'shallow') shallow.add(oid);
    else shallow.delete(oid);
  }
}
