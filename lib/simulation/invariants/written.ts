/** I8, I9: what is written down. */

import { CANARY } from '../call.ts';
import type { Past, Step } from '../witness.ts';
import { itemsOf } from './past.ts';

export function appendOnly(past: Past) {
  return ({ table }: Step) =>
    table.flatMap(({ key, before, after }) => {
      if (!key.sk.startsWith('receipt#')) return [];
      if (before || !after) return [`${key.sk} of ${key.pk} was changed`];
      const rung = Number(after['rung']);
      const judged = itemsOf(past, key.pk, `verdict#${String(rung - 1).padStart(3, '0')}#`).length > 0;
      return rung > 1 && !judged
        ? [`${key.sk} of ${key.pk} was written before rung ${rung - 1} was judged`]
        : [];
    });
}

export function noSecret(past: Past) {
  return () => {
    const { world } = past;
    const outputs = {
      items: [...world.items.values()].map((item) => JSON.stringify(item)),
      messages: world.messages.map((message) => JSON.stringify(message)),
      reports: [...world.reports.values()].map(({ body }) => body),
    };
    return Object.entries(outputs).flatMap(([what, texts]) => {
      const text = texts.find((t) => t.includes(CANARY));
      return text === undefined ? [] : [`a secret is in ${what}: ${text.slice(0, 200)}`];
    });
  };
}
