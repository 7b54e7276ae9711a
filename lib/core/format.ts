/**
 * The versions of what outlives a deploy, in one place: service files, items of the table, closing reports. A number
 * is raised when older code would misread what newer code writes; a key more that readers may ignore raises nothing.
 */
import { NotReady } from './errors.ts';
import type { Attributes } from './write.ts';

/** What a service file may say as `version`; a file that says nothing is of version 1. */
export const SERVICE_FILE_VERSION = 1;

/** Version of the closing report's JSON. */
export const REPORT_VERSION = 1;

/** Version of the table's items, in their attribute `format`. Items of before it was written are of 0. */
export const ITEM_FORMAT = 1;

/** The attribute as it is stored with every item that is put. */
export const itemStamp = { format: ITEM_FORMAT } as const;

/**
 * An item as this code knows it: of the format before, upgraded. An item that stands is updated attribute by
 * attribute and keeps its number, so an upgrade has to take attributes that are new already; and what conditions
 * compare (`state`, `fence`, `owner`, `incident`) keeps its name and meaning for good.
 * @param where the item's key, for the message.
 * @throws NotReady for an item of a newer format, or of one that is older than the one before.
 */
export function readItem(stored: Attributes, where: string): Attributes {
  const { format = 0, ...item } = stored;
  if (format === ITEM_FORMAT) return item;
  if (format === ITEM_FORMAT - 1) return upgraded(item);
  throw unreadable(`item "${where}"`, format, ITEM_FORMAT);
}

/** From format 0 to 1: nothing but the number. */
const upgraded = (item: Attributes): Attributes => item;

/** The JSON of a closing report. @throws NotReady for a newer version. */
export function checkReportVersion(report: unknown, where: string): void {
  const version: unknown =
    typeof report === 'object' && report !== null && 'version' in report && report.version;
  if (version !== REPORT_VERSION) throw unreadable(`report "${where}"`, version, REPORT_VERSION);
}

function unreadable(what: string, found: unknown, known: number): NotReady {
  const next =
    typeof found === 'number' && found > known
      ? 'a newer Reinstate wrote it: install that one here'
      : 'only the version before it can be read too: deploy the releases between, one by one';
  return new NotReady(`Cannot read ${what}: it has format ${String(found)}, expected ${known}; ${next}`);
}
