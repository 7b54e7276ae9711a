/** A page that was written, and what more is to be said of it. */
export interface Written {
  readonly path: string;
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}
