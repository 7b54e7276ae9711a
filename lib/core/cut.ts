/** At most so many UTF-16 units. Half a character at the cut would make clients throw: it is replaced. */
export const cutTo = (text: string, units: number): string => text.slice(0, units).toWellFormed();
