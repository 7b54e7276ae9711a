import { describe, expect, it } from '@jest/globals';
import { targetOf } from '../../lib/core/service.ts';
import type { PlannedStep } from '../../lib/core/step.ts';
import { takeBack } from '../../lib/core/take-back.ts';
import { aBranch, aDeployment, anAlias, anArmedService, aPlan, aRollout, aStep } from '../builders.ts';

const backFrom = (over: Partial<PlannedStep>) => takeBack(anArmedService(), aPlan(), aStep('1.1', over));
const commandOf = (over: Partial<PlannedStep>): string => {
  const back = backFrom(over);
  return 'command' in back ? back.command : back.never;
};

describe('what a step puts is taken back', () => {
  it('of a flag by the value that stood there', () => {
    expect(backFrom({})).toEqual({
      command:
        "aws ssm put-parameter --name '/shop/recommender/new-features' --type String --value 'true' --overwrite",
    });
  });

  it('of an alias by the version it named, while that is in the registry, and makes serving reload', () => {
    const back = takeBack(anArmedService(), aPlan(), aStep('2.1'));

    expect(back).toEqual({
      command: expect.stringMatching(/-X POST .*"version":"4"}' && curl -X POST .*\/reload'$/),
      whileKept: 'its version is in the registry',
    });
  });

  it('of an alias that was not set by taking it away', () => {
    const over = { lever: anAlias(), from: { value: null }, to: { value: '3' } };

    expect(commandOf(over)).toMatch(/^curl -X DELETE /);
  });

  it('of a Deployment by the revision of its ReplicaSet', () => {
    const over = { lever: aDeployment(), from: { value: '5d4f8b7c9d' }, to: { value: '7c9d8b5f4d' } };

    expect(commandOf(over)).toMatch(/pod-template-hash='5d4f8b7c9d'.* rollout undo 'deployment\/model-svc'/);
  });

  it('of a branch by its commit, whatever is said of how it was synced', () => {
    const bad = 'b'.repeat(40);
    const over = { lever: aBranch(), from: { value: `${bad} (OutOfSync)` }, to: { value: 'a'.repeat(40) } };

    expect(commandOf(over)).toContain(`git restore --source '${bad}' --staged`);
  });

  it('of a Rollout by its template: an abort cannot be taken back once that is settled', () => {
    const lever = aRollout();
    const [from, to] = [{ value: '5d4f8b7c9d' }, { value: '7c9d8b5f4d' }];
    const over = { lever, target: targetOf(lever), from, to };

    expect(commandOf(over)).toMatch(/hash='5d4f8b7c9d'.* undo 'model-svc' --to-revision=/);
  });

  it('never where nothing is replaced, or where what stands there has no name', () => {
    expect(backFrom({ from: { value: 'false' } })).toEqual({
      never: 'nothing is replaced: readers are made to load what stands there',
    });
    expect(backFrom({ from: { value: null } })).toEqual({
      never: 'what stands there now has no name to ask for',
    });
  });
});
