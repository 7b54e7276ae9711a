/** What a repository in memory holds is Git's own: whoever may know the twins alone reads it by these. */
export { type Commit, readCommit } from '../git/commits.ts';
export { contentOf, sameContent } from '../git/content.ts';
export type { Store } from '../git/objects.ts';
export { type Entry, entryAt, FOLDER, isFolder, readTree } from '../git/trees.ts';
