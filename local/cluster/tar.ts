/** Tar archives with nothing in them but bytes that we chose: no owner, no time, so equal content gives equal digests. */
const BLOCK = 512;

export type TarEntry =
  | { readonly path: string; readonly content: Buffer; readonly mode?: number }
  | { readonly path: string; readonly folder: true; readonly mode?: number };

/** Paths have at most 100 characters and no leading slash. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

function blocksOf(entry: TarEntry): Buffer[] {
  if ('folder' in entry) return [header({ ...entry, path: `${entry.path}/` }, 0, '5')];
  const rest = entry.content.length % BLOCK;
  const padding = Buffer.alloc(rest === 0 ? 0 : BLOCK - rest);
  return [header(entry, entry.content.length, '0'), entry.content, padding];
}

/** The POSIX ustar header. */
function header(entry: { path: string; mode?: number }, size: number, type: '0' | '5'): Buffer {
  if (Buffer.byteLength(entry.path) > 100)
    throw new Error(`cannot put ${entry.path} into an archive: at most 100 bytes`);
  const block = Buffer.alloc(BLOCK);
  block.write(entry.path, 0);
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at);
  octal(entry.mode ?? 0o755, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write(' '.repeat(8), 148); // the sum is taken with its own field blank
  block.write(type, 156);
  block.write('ustar\u000000', 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block.write(' ', 155);
  return block;
}
