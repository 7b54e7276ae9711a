/**
 * What is read of a repository at most: beyond it the lever refuses, for its function has little memory and time.
 * `commits`: how far back, counted from the head over every parent; fewer where the folders above the paths are so large
 * that those of all commits would be more than `historyBytes`.
 */
export const LIMITS = {
  commits: 20_000,
  /** Of a name within a tree; Linux takes no longer one. */
  pathLength: 4096,
  historyBytes: 32 * 1024 * 1024,
  objects: 300_000,
  packBytes: 64 * 1024 * 1024,
  objectBytes: 16 * 1024 * 1024,
  inflatedBytes: 192 * 1024 * 1024,
} as const;
