import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import { anIncident } from '../builders.ts';
import { aDesk, aFolder, aWorld, given, type } from './desk.ts';

const id = anIncident().id;

async function reported(json = '{"version":1}') {
  const world = aWorld();
  const copies = join(aFolder(), 'reports');
  const desk = aDesk(world, { copies });
  world.reports.set('recommender/x/1.html', { body: '<p>page</p>', contentType: 'text/html' });
  world.reports.set('recommender/x/1.json', { body: json, contentType: 'application/json' });
  const reportUrl = 's3://reports/recommender/x/1.html';
  await given(desk, [keys.incident(id), anIncident({ state: 'closed', ending: 'recovered', reportUrl })]);
  return { desk, copies, cwd: aFolder() };
}

describe('reinstate report', () => {
  it('writes the page beside you', async () => {
    const { desk, cwd } = await reported();

    const { exit, out } = await type(desk, `report ${id}`, { cwd });

    expect([exit, out]).toEqual([0, `wrote ${cwd}/reinstate-${id}.html\n`]);
    expect(readFileSync(join(cwd, `reinstate-${id}.html`), 'utf8')).toBe('<p>page</p>');
  });

  it('prints nothing but the path with --open-path', async () => {
    const { desk, cwd } = await reported();

    expect((await type(desk, `report ${id} --open-path`, { cwd })).out).toBe(`${cwd}/reinstate-${id}.html\n`);
  });

  it('refuses to print a report that a newer Reinstate wrote', async () => {
    const { desk } = await reported('{"version":2}');

    const { exit, err } = await type(desk, `report ${id} --json`);

    expect(exit).toBe(3);
    expect(err).toBe(
      `Cannot read report "${id}": it has format 2, expected 1; a newer Reinstate wrote it: install that one here\n`,
    );
  });

  it('prints the report itself with --json', async () => {
    const { desk } = await reported();

    const plain = await type(desk, `report ${id} --json`);
    const forPrograms = await type(desk, `report ${id} --json -o json`);

    expect([plain.json, forPrograms.json]).toEqual([{ version: 1 }, { version: 1 }]);
  });

  it('keeps a copy of both where reports have a folder of their own', async () => {
    const { desk, copies, cwd } = await reported();

    await type(desk, `report ${id}`, { cwd });

    expect(readFileSync(join(copies, `${id}.html`), 'utf8')).toBe('<p>page</p>');
    expect(readFileSync(join(copies, `${id}.json`), 'utf8')).toBe('{"version":1}');
  });

  it.each([
    ['running', 'it is running; wait for its end: npx reinstate watch'],
    ['ended', 'it could not be stored yet; try again in a minute'],
  ] as const)('is not ready while the incident is %s and has none', async (state, why) => {
    const desk = aDesk(aWorld());
    await given(desk, [keys.incident(id), anIncident({ state })]);

    const { exit, err } = await type(desk, `report ${id}`);

    expect([exit, err]).toEqual([3, expect.stringContaining(why)]);
  });
});
