import { describe, expect, it } from '@jest/globals';
import { aimOf } from '../../lib/cli/aim.ts';
import { aBranch, anArmedService } from '../builders.ts';

describe('--to of a git lever', () => {
  const armed = anArmedService({ service: { levers: [aBranch()] } });
  const commit = 'a'.repeat(40);

  it.each(['deploy', 'git'])('takes a commit in full, by %s', (name) => {
    expect(aimOf(armed, [`${name}=${commit}`])).toEqual({ values: { deploy: commit } });
  });

  it.each(['main', 'HEAD', '7', commit.slice(1), `${commit}0`, commit.toUpperCase()])(
    'F38: takes no %s',
    (typed) => {
      expect(() => aimOf(armed, [`git=${typed}`])).toThrow(
        `Cannot go to "git=${typed}"; expected a commit of "main" by its 40 hex digits`,
      );
    },
  );
});
