/** Strings that somebody outside may have chosen, in every field of a report that comes from outside. */

const EVIL = `<script>alert('x')</script><img src=x onerror=alert(1)>"'\`&</title></style>`;
/** Right-to-left letters, an override, isolates, and what no terminal or page should take literally. */
const TURNED = `שלום \u202egnp.exe\u2066 \u0007\u0000\u001b[2J\u200b\ud800`;
const LONG = 'w'.repeat(10_000);
export const HOSTILE = `${EVIL}${TURNED} ${LONG}`;

/** Keys whose words choose code and colours, and are our own. */
const OURS = new Set([
  'version',
  'ending',
  'kind',
  'state',
  'urgency',
  'outcome',
  'verdict',
  'phase',
  'is',
  'unit',
  'missing',
  'mode',
  'verb',
  'lever',
  'role',
]);

/** A copy in which every string that is not a word of ours is hostile, and so is every key of a free map. */
export const spoiled = <T>(value: T, by: string = HOSTILE): T => spoil(value, by) as T;

function spoil(value: unknown, by: string): unknown {
  if (typeof value === 'string') return by;
  if (Array.isArray(value)) return value.map((one) => spoil(one, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      /^\d|[^a-zA-Z]/.test(key) ? by : key,
      typeof one === 'string' && isOurs(value, key) ? one : spoil(one, by),
    ]),
  );
}

/** The name of a mark or phase, too; the `lever` of a receipt is a kind, that of what was left out a name. */
function isOurs(holder: object, key: string): boolean {
  if (key === 'lever') return 'outcome' in holder;
  if (key === 'name') return 'from' in holder && 'to' in holder;
  return OURS.has(key);
}
