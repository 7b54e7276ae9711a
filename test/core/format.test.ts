import { describe, expect, it } from '@jest/globals';
import { checkReportVersion, ITEM_FORMAT, itemStamp, readItem } from '../../lib/core/format.ts';

const read = (format: unknown) => () => readItem({ format, state: 'running' }, 'open it');

describe('an item of the table', () => {
  it('is read without the number it was stored with', () => {
    expect(readItem({ ...itemStamp, state: 'running' }, 'open it')).toEqual({ state: 'running' });
  });

  it('is read where it is of the format before; that had no number', () => {
    expect(readItem({ state: 'running' }, 'open it')).toEqual({ state: 'running' });
    expect(read(ITEM_FORMAT - 1)()).toEqual({ state: 'running' });
  });

  it('is refused where newer code wrote it, with what to do', () => {
    expect(read(ITEM_FORMAT + 1)).toThrow(
      `Cannot read item "open it": it has format ${ITEM_FORMAT + 1}, expected ${ITEM_FORMAT}; a newer Reinstate wrote it: install that one here`,
    );
    expect(read(ITEM_FORMAT + 1)).toThrow(expect.objectContaining({ name: 'NotReady' }));
  });

  it.each([ITEM_FORMAT - 2, 'two', null, 0.5])('is refused where its format is %j', (format) => {
    expect(read(format)).toThrow(/only the version before it can be read too/);
  });
});

describe('a closing report', () => {
  it('is of this version', () => {
    expect(() => checkReportVersion({ version: 1 }, 'it')).not.toThrow();
  });

  it.each([[{ version: 2 }], [{}], [[]], ['text'], [null]])('is refused as %j', (report) => {
    expect(() => checkReportVersion(report, 'it')).toThrow(/^Cannot read report "it": it has format /);
  });
});
