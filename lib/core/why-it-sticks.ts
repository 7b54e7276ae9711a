import type { Lever } from './service.ts';
import { ownerWords } from './spec-owner.ts';
import type { Owner, Sync } from './step.ts';

/** What is known of whoever owns what a lever changes. */
interface Owned {
  readonly owner: Owner | undefined;
  /** What Argo CD does with it, where that was read. */
  readonly sync?: Sync | undefined;
}

/** Why a lever's change will stand, for plan and report; nothing where nobody else writes there. */
export function whyItSticks({ kind }: Lever, { owner, sync }: Owned): string | undefined {
  if (!owner) return kind === 'git' && sync ? `${syncedBy(sync)}: ${HOW.git}` : undefined;
  const how = kind === 'rollout' ? `traffic goes back now, ${SETTLES[owner.kind]} settles it` : HOW[kind];
  const state = owner.kind === 'argocd' && sync ? ` (${syncWords(sync)})` : '';
  return how === undefined ? undefined : `${ownerWords(owner)} owns it${state}: ${how}`;
}

const SETTLES = { helm: 'Helm', argocd: 'Git', flux: 'Git' } as const;
const HOW: Partial<Record<Lever['kind'], string>> = { git: 'reverted in Git', helm: 'rolled back by Helm' };

const syncedBy = (sync: Sync): string =>
  `Argo CD application "${sync.application}" puts what Git holds (${syncWords(sync)})`;

function syncWords({ auto, selfHeal, parent, frozenBy }: Sync): string {
  const how = auto ? `auto-sync${selfHeal ? ', selfHeal on' : ' on, selfHeal off'}` : 'auto-sync off';
  const since = frozenBy === undefined ? '' : ` since incident ${frozenBy}`;
  return `${how}${since}${parent === undefined ? '' : `, under ${parent}`}`;
}
