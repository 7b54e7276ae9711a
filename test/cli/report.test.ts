import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import { anIncident, at } from '../builders.ts';
import { aReport } from '../report/fixtures.ts';
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
  return { world, desk, copies, cwd: aFolder() };
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

  it('asks for an incident, a service or --index', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'report');

    expect([exit, err]).toEqual([2, expect.stringContaining('no incident is named; expected an incident')]);
  });
});

describe('reinstate report --open', () => {
  it('shows the page in the browser', async () => {
    const { desk, cwd } = await reported();
    const seen: string[] = [];
    const browse = async (file: string) => seen.push(file) > 0;

    const { out, json } = await type(desk, `report ${id} --open -o json`, { cwd, browse });

    expect(seen).toEqual([`${cwd}/reinstate-${id}.html`]);
    expect(json).toMatchObject({ opened: true });
    expect(out).not.toContain('no browser');
  });

  it('says where the file is, and that there is no browser', async () => {
    const { desk, cwd } = await reported();

    const { exit, out } = await type(desk, `report ${id} --open`, { cwd, browse: async () => false });

    expect([exit, out]).toEqual([
      0,
      `wrote ${cwd}/reinstate-${id}.html\nno browser was found here; open the file in one\n`,
    ]);
  });
});

describe('reinstate report --index', () => {
  const summary = { id, openedAt: at(5), state: 'closed', acted: true, ending: 'recovered', endedAt: at(50) };
  const kept = { ...summary, times: { recover: 161, goal: 300 } };

  it('writes the list, and the reports beside it', async () => {
    const { desk, copies, cwd } = await reported();
    await given(desk, [keys.summary('recommender', id), kept]);

    const { out } = await type(desk, 'report --index', { cwd });

    expect(out).toBe(`wrote ${copies}/index.html\n`);
    expect(readFileSync(join(copies, 'index.html'), 'utf8')).toContain(`<a href="${id}.html">`);
    expect(readFileSync(join(copies, `${id}.html`), 'utf8')).toBe('<p>page</p>');
  });

  it('writes into a folder of its own beside you otherwise', async () => {
    const { desk, cwd } = await reported();
    await given(desk, [keys.summary('recommender', id), kept]);
    const { copies: _, ...plain } = desk;

    const { out } = await type(plain, 'report --index recommender --open-path', { cwd });

    expect(out).toBe(`${cwd}/reinstate-reports-local/index.html\n`);
    expect(readFileSync(join(cwd, `reinstate-reports-local/${id}.html`), 'utf8')).toBe('<p>page</p>');
  });

  it('takes the times from the report where the table is from before it kept them', async () => {
    const { world, desk, copies, cwd } = await reported();
    const body = JSON.stringify(aReport());
    world.reports.set('recommender/x/1.json', { body, contentType: 'application/json' });
    await given(desk, [keys.summary('recommender', id), summary]);

    await type(desk, 'report --index', { cwd });

    expect(readFileSync(join(copies, 'index.html'), 'utf8')).toContain('2 min 41 s');
  });

  it('lists an incident whose report cannot be fetched, and says why', async () => {
    const { world, desk, copies, cwd } = await reported();
    world.reports.clear();
    await given(desk, [keys.summary('recommender', id), kept]);

    const { exit, out } = await type(desk, 'report --index', { cwd });

    expect([exit, out]).toEqual([0, expect.stringContaining('1 report could not be fetched: Cannot fetch')]);
    expect(readFileSync(join(copies, 'index.html'), 'utf8')).toContain(id);
  });

  it('knows no service that has no file', async () => {
    const { desk, cwd } = await reported();

    expect((await type(desk, 'report --index recomender', { cwd })).exit).toBe(2);
  });
});
