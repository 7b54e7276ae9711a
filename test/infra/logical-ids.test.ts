import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anEnvironment, CLUSTERS, templateOf } from './helpers/deployment.ts';

const FILE = join(import.meta.dirname, 'logical-ids.json');

describe('logical ids', () => {
  it('stay as they are: a new one replaces the resource, and with it leases, reports and alarms', () => {
    const template = templateOf({ environment: anEnvironment({ clusters: CLUSTERS }) });
    const all = Object.entries(template.toJSON()['Resources'] as Record<string, { Type: string }>);

    const ids = Object.fromEntries(all.map(([id, { Type }]) => [id, Type]));

    expect(ids).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
  });
});
