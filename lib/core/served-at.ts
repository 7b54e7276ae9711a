import * as z from 'zod/mini';

/** Where the value that users are really served can be read: a URL that answers JSON, and a path such as `flags.x`. */
export const servedAt = z.strictObject({ url: z.string(), path: z.string() });
export type ServedAt = z.infer<typeof servedAt>;
