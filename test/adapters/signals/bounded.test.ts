import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../lib/adapters/clock.ts';
import { boundedSignals } from '../../../lib/adapters/signals/bounded.ts';
import type { SignalReader } from '../../../lib/ports/signal-reader.ts';
import { aSignal } from '../../report/armed.ts';

const reader = (datapoints: SignalReader['datapoints']): SignalReader => ({
  datapoints,
  alarms: async () => [],
});
const read = (signals: SignalReader) => signals.datapoints(aSignal(), 0, 1);

describe('boundedSignals', () => {
  it('gives what was read in time', async () => {
    const quick = reader(async () => [{ at: 0, value: 1 }]);

    expect(await read(boundedSignals(quick, systemClock()))).toEqual([{ at: 0, value: 1 }]);
  });

  it('F47: waits no longer for a signal that does not answer: closing is not delayed', async () => {
    const silent = reader(() => new Promise(() => undefined));
    const kept = setTimeout(() => undefined, 500);

    await expect(read(boundedSignals(silent, systemClock(), 20))).rejects.toThrow('no answer in 20 ms');
    clearTimeout(kept);
  });
});
